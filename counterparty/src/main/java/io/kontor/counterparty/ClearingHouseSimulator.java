package io.kontor.counterparty;

import io.kontor.counterparty.SimulatorHttpHandler.Answer;
import io.kontor.counterparty.SimulatorHttpHandler.Asked;
import io.kontor.counterparty.SimulatorHttpHandler.Task;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Takes payments, and tells the bank later what became of them. A participant is a bank here; its
 * name is what the bank's notifications are authenticated as.
 */
final class ClearingHouseSimulator implements AutoCloseable {
  private final Map<String, Payment> payments = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final SimulatorSettings settings;
  private final FaultRules faults;
  private final ClearingNotificationSender notifier;

  ClearingHouseSimulator(
      SimulatorSettings settings, FaultRules faults, ClearingNotificationSender notifier) {
    this.settings = settings;
    this.faults = faults;
    this.notifier = notifier;
  }

  private enum State {
    ACCEPTED,
    REFUSED,
    SETTLED,
    REJECTED,
    RETURNED
  }

  private record Payment(String reference, JsonNode order, State state, @Nullable String reason) {
    Payment now(State state, @Nullable String reason) {
      return new Payment(reference, order, state, reason);
    }

    Map<String, Object> told() {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("reference", reference);
      told.put("state", state.name());
      if (reason != null) {
        told.put("reason", reason);
      }
      return told;
    }
  }

  Task answer(Asked asked) {
    String reference = asked.rest();
    if (reference.isEmpty() || reference.contains("/")) {
      return Task.unknown();
    }
    return switch (asked.method()) {
      case "PUT" -> {
        if (!asked.body().path("participant").isString()) {
          throw new IllegalArgumentException("participant: is required");
        }
        yield new Task(SimulatedCall.SUBMIT_PAYMENT, () -> submit(reference, asked.body()));
      }
      case "GET" -> new Task(SimulatedCall.INQUIRE_PAYMENT, () -> tell(reference));
      default -> Task.unknown();
    };
  }

  Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    payments.forEach((reference, payment) -> states.put(reference, payment.state().name()));
    return states;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private Answer submit(String reference, JsonNode order) {
    Payment payment = payments.computeIfAbsent(reference, absent -> decide(absent, order));
    if (!payment.order().equals(order)) {
      return Answer.refused(409, "the reference stands for another payment");
    }
    return payment.state() == State.REFUSED
        ? new Answer(422, payment.told())
        : new Answer(202, payment.told());
  }

  private Payment decide(String reference, JsonNode order) {
    if (faults.happens(SimulatedCall.SUBMIT_PAYMENT, InjectedFault.REFUSE)) {
      return new Payment(reference, order, State.REFUSED, "the creditor's bank takes no payments");
    }
    Duration wait = settings.settleAfter();
    if (faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.SLOW)) {
      wait = wait.plus(settings.slowness());
    }
    if (!faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.STUCK)) {
      later(wait, () -> settle(reference));
    }
    return new Payment(reference, order, State.ACCEPTED, null);
  }

  private Answer tell(String reference) {
    Payment payment = payments.get(reference);
    return payment == null
        ? Answer.refused(404, "no such payment")
        : new Answer(200, payment.told());
  }

  private void settle(String reference) {
    if (faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.REJECT)) {
      become(reference, State.REJECTED, "the account is unknown at the creditor's bank");
      return;
    }
    become(reference, State.SETTLED, null);
    if (faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.RETURN)) {
      later(
          settings.returnAfter(),
          () -> become(reference, State.RETURNED, "the creditor's account was closed"));
    }
  }

  private void become(String reference, State state, @Nullable String reason) {
    Payment payment =
        payments.compute(
            reference,
            (id, known) -> {
              if (known == null) {
                throw new IllegalStateException(id + " is not known");
              }
              return known.now(state, reason);
            });
    // A return is always told: nobody would ask for it.
    if (state != State.RETURNED
        && faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.SILENCE)) {
      return;
    }
    int times = faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.TWICE) ? 2 : 1;
    notifier.tell(payment.order().path("participant").asString(), payment.told(), times);
  }

  private void later(Duration delay, Runnable task) {
    try {
      var _ = clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // Nothing becomes of anything any more.
      return;
    }
  }
}

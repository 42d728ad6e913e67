package io.kontor.simulator;

import io.kontor.simulator.SimulatorHttpHandler.Answer;
import io.kontor.simulator.SimulatorHttpHandler.Asked;
import io.kontor.simulator.SimulatorHttpHandler.Task;
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
 * A clearing house: accepts payments and notifies the bank of their outcome later. A participant is
 * a bank, here a tenant; its notifications authenticate for that tenant.
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

    Map<String, Object> message() {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("reference", reference);
      message.put("state", state.name());
      if (reason != null) {
        message.put("reason", reason);
      }
      return message;
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
      case "GET" -> new Task(SimulatedCall.INQUIRE_PAYMENT, () -> inquire(reference));
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
        ? new Answer(422, payment.message())
        : new Answer(202, payment.message());
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

  private Answer inquire(String reference) {
    Payment payment = payments.get(reference);
    return payment == null
        ? Answer.refused(404, "no such payment")
        : new Answer(200, payment.message());
  }

  private void settle(String reference) {
    if (faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.REJECT)) {
      changeState(reference, State.REJECTED, "the account is unknown at the creditor's bank");
      return;
    }
    changeState(reference, State.SETTLED, null);
    if (faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.RETURN)) {
      later(
          settings.returnAfter(),
          () -> changeState(reference, State.RETURNED, "the creditor's account was closed"));
    }
  }

  private void changeState(String reference, State state, @Nullable String reason) {
    Payment payment =
        payments.compute(
            reference,
            (id, known) -> {
              if (known == null) {
                throw new IllegalStateException(id + " is not known");
              }
              return known.now(state, reason);
            });
    // Always notified: the bank does not inquire about returns.
    if (state != State.RETURNED
        && faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.SILENCE)) {
      return;
    }
    int times = faults.happens(SimulatedCall.SETTLE_PAYMENT, InjectedFault.TWICE) ? 2 : 1;
    notifier.tell(payment.order().path("participant").asString(), payment.message(), times);
  }

  private void later(Duration delay, Runnable task) {
    try {
      var _ = clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // The simulator is closed.
      return;
    }
  }
}

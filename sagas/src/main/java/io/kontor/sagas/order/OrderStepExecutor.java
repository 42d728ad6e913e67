package io.kontor.sagas.order;

import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderCommand.AbandonOrder;
import io.kontor.api.order.OrderCommand.CloseOrder;
import io.kontor.api.order.OrderCommand.ConfirmOrder;
import io.kontor.api.order.OrderCommand.FlagForManualReview;
import io.kontor.api.order.OrderCommand.RecordStep;
import io.kontor.api.order.OrderCommand.RecordUndo;
import io.kontor.api.order.OrderId;
import io.kontor.api.order.OrderStep;
import io.kontor.httpclient.ForeignText;
import io.kontor.sagas.command.CommandOutcome;
import io.kontor.sagas.order.OrderSagaState.StepResult;
import io.kontor.sagas.order.OrderSagaState.StepResult.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes the steps of an order saga and their compensations: attempts a step, retries it until
 * its deadline, and records the result in the order. Once a step is recorded as done the next one
 * begins at once; everything else waits for the order's event.
 */
final class OrderStepExecutor {
  private final OrderId order;
  private final String correlation;
  private final OrderSagaState state;
  private final Function<OrderStep, Step> steps;
  private final OrderStepGateway gateway;
  private final Runnable end;

  /**
   * @param state of the saga, which every call changes
   * @param steps what each step does
   * @param end ends the saga
   */
  OrderStepExecutor(
      OrderId order,
      String correlation,
      OrderSagaState state,
      Function<OrderStep, Step> steps,
      OrderStepGateway gateway,
      Runnable end) {
    this.order = order;
    this.correlation = correlation;
    this.state = state;
    this.steps = steps;
    this.gateway = gateway;
    this.end = end;
  }

  /** What a step sends, and what undoes it. */
  record Step(Supplier<CommandOutcome> execute, Supplier<CommandOutcome> undo) {
    static final Supplier<CommandOutcome> NOTHING_TO_DO = CommandOutcome.Done::new;
  }

  /**
   * Begins a step, unless it was begun already: the order's event follows its command. Once
   * compensation has begun, no step begins.
   */
  void begin(OrderStep next) {
    if (!state.isCompensating() && !state.hasBegun(next)) {
      state.endWait();
      state.begin(next, gateway.now(), timeout(next));
      attempt();
    }
  }

  /** An event reports that the step succeeded; ignored unless it is under way. */
  void succeeded(OrderStep step, @Nullable String detail) {
    if (isExecuting(step)) {
      record(new StepResult(Kind.DONE, detail));
    }
  }

  /** An event reports that the step was rejected; ignored unless it is under way. */
  void rejected(OrderStep step, String reason) {
    if (isExecuting(step)) {
      giveUp(reason);
    }
  }

  /** An event reports that an attempt, forward or back, failed and will be repeated. */
  void attemptFailed(OrderStep step, String error) {
    if (state.step() == step) {
      state.attemptFailed(error);
    }
  }

  /** An event reports that the step is undone; ignored unless that is under way. */
  void undoSucceeded(OrderStep step) {
    if (isUndoing(step)) {
      record(StepResult.of(Kind.UNDONE));
    }
  }

  /** An event reports that undoing the step was rejected; ignored unless that is under way. */
  void undoRejected(OrderStep step, String reason) {
    if (isUndoing(step)) {
      giveUp(reason);
    }
  }

  /** From here on the saga only undoes, the last step first. */
  void compensate() {
    state.compensate();
    undoNext();
  }

  /** A step is undone, or was settled by hand: undoes the next one. */
  void undoRest(OrderStep undone) {
    if (state.removeUndone(undone)) {
      undoNext();
    }
  }

  /** Starts the step again, with its whole time; a result that was not recorded is kept. */
  void retry() {
    StepResult unrecorded = state.unrecorded();
    state.endWait();
    state.restart(gateway.now(), timeout(state.step()));
    if (unrecorded != null && unrecorded.kind() != Kind.NEEDS_ATTENTION) {
      record(unrecorded);
    } else {
      attempt();
    }
  }

  /** The wait is over: records, retries, or gives the step up once its deadline has passed. */
  void onDeadline() {
    state.endWait();
    StepResult unrecorded = state.unrecorded();
    if (unrecorded != null) {
      record(unrecorded);
    } else if (state.isOverdue(gateway.now())) {
      giveUp(Objects.requireNonNullElse(state.lastError(), "no answer in time"));
    } else {
      attempt();
    }
  }

  /** Nothing is left to do. */
  void end() {
    state.endWait();
    end.run();
  }

  private void undoNext() {
    state.endWait();
    OrderStep last = state.lastToUndo();
    if (last == null) {
      record(StepResult.of(Kind.ALL_UNDONE));
    } else {
      state.beginUndo(last, gateway.now(), timeout(last));
      attempt();
    }
  }

  private void attempt() {
    Step step = steps.apply(state.step());
    CommandOutcome outcome = state.isCompensating() ? step.undo().get() : step.execute().get();
    switch (outcome) {
      case CommandOutcome.Done _ -> recordSuccess();
      case CommandOutcome.Pending _ -> state.waitUntil(state.deadline());
      case CommandOutcome.Rejected rejected -> giveUp(rejected.reason().detail());
      case CommandOutcome.Failed failed -> retryLater(failed.error());
    }
  }

  private void recordSuccess() {
    record(StepResult.of(state.isCompensating() ? Kind.UNDONE : Kind.DONE));
  }

  private void retryLater(String error) {
    state.attemptFailed(error);
    Instant next = gateway.now().plus(pause());
    if (state.attempts() >= gateway.properties().mostAttempts() || state.isOverdue(next)) {
      giveUp(error);
    } else {
      state.waitUntil(next);
    }
  }

  /** Going forward, starts compensation; a failed compensation or handover needs an operator. */
  private void giveUp(String reason) {
    state.endWait();
    String line = ForeignText.line(reason, ForeignText.NO_REASON);
    state.noteError(line);
    if (state.isCompensating() || state.step() == OrderStep.HANDOVER) {
      state.needAttention();
      record(new StepResult(Kind.NEEDS_ATTENTION, line));
    } else {
      record(new StepResult(Kind.GIVEN_UP, line));
    }
  }

  /**
   * Records the step's result in the order. A rejection means that the order has moved on
   * meanwhile, and an event follows. A failure is retried, and past the deadline the order is
   * flagged for manual review: it must not block the events of other orders.
   */
  private void record(StepResult result) {
    switch (gateway.send(order.tenant(), correlation, recording(result))) {
      case CommandOutcome.Failed(String error) -> {
        state.notRecorded(result, "the order can't record it: " + error, gateway.now());
        state.waitUntil(gateway.now().plus(pause()));
      }
      case CommandOutcome.Rejected _ -> state.recorded(result);
      case CommandOutcome.Done _, CommandOutcome.Pending _ -> {
        state.recorded(result);
        if (result.kind() == Kind.DONE) {
          next();
        }
      }
    }
  }

  /** Begins the step after the one that is done; the order has confirmed with the capture. */
  private void next() {
    switch (state.step()) {
      case PAYMENT -> begin(OrderStep.RESERVATION);
      case RESERVATION -> begin(OrderStep.SHIPPING);
      case SHIPPING -> begin(OrderStep.CAPTURE);
      case CAPTURE, CONFIRMATION -> begin(OrderStep.HANDOVER);
      case HANDOVER -> end();
    }
  }

  private OrderCommand recording(StepResult result) {
    OrderStep step = state.step();
    return switch (result.kind()) {
      case DONE -> done(step, result.text());
      case UNDONE -> new RecordUndo(order, step);
      case ALL_UNDONE -> new CloseOrder(order);
      case GIVEN_UP -> new AbandonOrder(order, step, Objects.requireNonNull(result.text()));
      case NEEDS_ATTENTION ->
          new FlagForManualReview(order, step, Objects.requireNonNull(result.text()));
    };
  }

  /** The order confirms with the capture, in one decision. */
  private OrderCommand done(OrderStep step, @Nullable String detail) {
    return switch (step) {
      case CAPTURE, CONFIRMATION -> new ConfirmOrder(order);
      case PAYMENT, RESERVATION, SHIPPING, HANDOVER -> new RecordStep(order, step, detail);
    };
  }

  private Duration timeout(OrderStep step) {
    OrderSagaProperties properties = gateway.properties();
    if (state.isCompensating() || step == OrderStep.HANDOVER) {
      return properties.undoTime();
    }
    return step == OrderStep.SHIPPING ? properties.shippingTime() : properties.stepTime();
  }

  /** A result that could not be recorded follows a success, so there may be no failed attempt. */
  private Duration pause() {
    int failures = Math.max(1, state.attempts());
    return Duration.ofMillis(gateway.properties().backoff().apply(failures));
  }

  private boolean isExecuting(OrderStep step) {
    return !state.isCompensating() && state.step() == step;
  }

  private boolean isUndoing(OrderStep step) {
    return state.isCompensating() && state.step() == step;
  }
}

package io.kontor.sagas.order;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kontor.api.order.OrderStep;
import io.kontor.httpclient.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of an order saga, stored as JSON; where a property keeps an earlier name, it is given.
 * A step counts as begun before its command is sent, so compensation covers everything that may
 * have been done.
 */
@JsonIgnoreProperties({"turn", "wakeUp"}) // in rows of earlier versions
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
final class OrderSagaState {
  private static final Set<OrderStep> NEVER_UNDONE =
      Set.of(OrderStep.CONFIRMATION, OrderStep.HANDOVER);

  private List<OrderStep> begun = new ArrayList<>();
  private OrderStep step = OrderStep.PAYMENT;
  private OrderStep furthest = OrderStep.PAYMENT;

  @JsonProperty("back")
  private boolean compensating;

  private boolean attention;
  private Instant since = Instant.EPOCH;
  private Instant deadline = Instant.EPOCH;
  private int attempts;
  private @Nullable String lastError;

  @JsonProperty("untold")
  private @Nullable StepResult unrecorded;

  /** A column of its own, see {@link OrderSagaStore}. */
  private transient @Nullable Instant wakeAt;

  private transient boolean changed;

  OrderStep step() {
    return step;
  }

  /** Whether the steps are being undone. */
  boolean isCompensating() {
    return compensating;
  }

  boolean needsAttention() {
    return attention;
  }

  Instant since() {
    return since;
  }

  Instant deadline() {
    return deadline;
  }

  int attempts() {
    return attempts;
  }

  @Nullable String lastError() {
    return lastError;
  }

  /** When the saga acts without an event; null while it waits for events only. */
  @Nullable Instant wakeAt() {
    return wakeAt;
  }

  /** Sets the stored time at which the saga wakes up. */
  void loaded(@Nullable Instant storedWakeAt) {
    wakeAt = storedWakeAt;
  }

  /** Whether there is anything to store. */
  boolean hasChanged() {
    return changed;
  }

  /** Whether the step was begun, now or before; a step is begun once. */
  boolean hasBegun(OrderStep earlier) {
    return begun.contains(earlier) || wasDone(earlier);
  }

  /** Whether a later step was begun, which implies that this one is done. */
  boolean wasDone(OrderStep earlier) {
    return furthest.compareTo(earlier) > 0;
  }

  void begin(OrderStep next, Instant now, Duration time) {
    furthest = next;
    if (!begun.contains(next)) {
      begun.add(next);
    }
    start(next, now, time);
  }

  void compensate() {
    changed = true;
    compensating = true;
  }

  /** The last step that is not compensated yet, if any. */
  @Nullable OrderStep lastToUndo() {
    begun.removeAll(NEVER_UNDONE);
    return begun.isEmpty() ? null : begun.getLast();
  }

  void beginUndo(OrderStep last, Instant now, Duration time) {
    start(last, now, time);
  }

  /** Removes a compensated step; false if it was removed before. */
  boolean removeUndone(OrderStep undone) {
    boolean removed = compensating && begun.remove(undone);
    changed |= removed;
    return removed;
  }

  void restart(Instant now, Duration time) {
    start(step, now, time);
  }

  void attemptFailed(String error) {
    attempts++;
    noteError(error);
  }

  void noteError(String error) {
    changed = true;
    lastError = ForeignText.line(error, ForeignText.NO_REASON);
  }

  void needAttention() {
    changed = true;
    attention = true;
  }

  /** The result that is not recorded in the order yet, if any. */
  @Nullable StepResult unrecorded() {
    return unrecorded;
  }

  /** Recording failed; past the step's deadline that needs attention. */
  void notRecorded(StepResult result, String error, Instant now) {
    unrecorded = result;
    attemptFailed(error);
    attention |= isOverdue(now);
  }

  void recorded(StepResult result) {
    changed = true;
    unrecorded = null;
    attention = result.kind() == StepResult.Kind.NEEDS_ATTENTION;
  }

  boolean isOverdue(Instant now) {
    return !now.isBefore(deadline);
  }

  void waitUntil(Instant time) {
    changed = true;
    wakeAt = time;
  }

  void endWait() {
    changed |= wakeAt != null;
    wakeAt = null;
  }

  private void start(OrderStep on, Instant now, Duration time) {
    changed = true;
    step = on;
    since = now;
    deadline = now.plus(time);
    attempts = 0;
    attention = false;
    lastError = null;
    unrecorded = null;
  }

  /**
   * A step's result that the order has to record.
   *
   * @param text a detail or a reason, where there is one
   */
  record StepResult(@JsonProperty("news") Kind kind, @Nullable String text) {
    static StepResult of(Kind kind) {
      return new StepResult(kind, null);
    }

    enum Kind {
      DONE,
      UNDONE,
      ALL_UNDONE,
      GIVEN_UP,
      NEEDS_ATTENTION
    }
  }
}

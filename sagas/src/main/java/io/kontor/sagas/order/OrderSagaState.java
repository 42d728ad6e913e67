package io.kontor.sagas.order;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kontor.api.order.OrderStep;
import io.kontor.resilience.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of an order saga. A step counts as begun before its command is sent, so compensation
 * covers everything that may have been done.
 */
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
  private boolean back;
  private boolean attention;
  private Instant since = Instant.EPOCH;
  private Instant deadline = Instant.EPOCH;
  private int attempts;
  private @Nullable String lastError;
  private int turn;
  private @Nullable String wakeUp;
  private @Nullable Untold untold;

  OrderStep step() {
    return step;
  }

  boolean isBack() {
    return back;
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

  int turn() {
    return turn;
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

  void turnBack() {
    back = true;
  }

  /** The last step that is not compensated yet, if any. */
  @Nullable OrderStep toUndo() {
    begun.removeAll(NEVER_UNDONE);
    return begun.isEmpty() ? null : begun.getLast();
  }

  void undo(OrderStep last, Instant now, Duration time) {
    start(last, now, time);
  }

  /** Removes a compensated step; false if it was removed before. */
  boolean undone(OrderStep last) {
    return back && begun.remove(last);
  }

  void tryAgain(Instant now, Duration time) {
    start(step, now, time);
  }

  void failed(String error) {
    attempts++;
    note(error);
  }

  void note(String error) {
    lastError = ForeignText.line(error, ForeignText.NO_REASON);
  }

  void askForAttention() {
    attention = true;
  }

  /** The result that is not recorded in the order yet, if any. */
  @Nullable Untold untold() {
    return untold;
  }

  void notTold(Untold news, String error, Instant now) {
    untold = news;
    failed(error);
    attention |= isOverdue(now);
  }

  void told(Untold news) {
    untold = null;
    attention = news.news() == News.NEEDS_ATTENTION;
  }

  boolean isOverdue(Instant now) {
    return !now.isBefore(deadline);
  }

  /** Begins to wait; {@code wake} schedules the deadline and returns its id. */
  void waitFor(WakeUp wake) {
    turn++;
    wakeUp = wake.set(turn);
  }

  /** Ends the wait and returns the deadline's id, if there is one. */
  @Nullable String stopWaiting() {
    turn++;
    String id = wakeUp;
    wakeUp = null;
    return id;
  }

  private void start(OrderStep on, Instant now, Duration time) {
    step = on;
    since = now;
    deadline = now.plus(time);
    attempts = 0;
    attention = false;
    lastError = null;
    untold = null;
  }

  /** The kind of a step's result. */
  enum News {
    DONE,
    UNDONE,
    ALL_UNDONE,
    GIVEN_UP,
    NEEDS_ATTENTION
  }

  /**
   * A step's result that the order has to record.
   *
   * @param text a detail or a reason, where there is one
   */
  record Untold(News news, @Nullable String text) {}

  /** Schedules a deadline for the wait numbered {@code turn}. */
  interface WakeUp {
    String set(int turn);
  }
}

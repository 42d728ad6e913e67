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
 * Where a process stands. A step counts as begun before anybody is asked for it, so whatever may
 * have been done is undone.
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

  /** Whether a later step was begun, which is only after that one was done. */
  boolean wasDone(OrderStep earlier) {
    return furthest.compareTo(earlier) > 0;
  }

  void begin(OrderStep next, Instant now, Duration time) {
    furthest = next;
    if (!begun.contains(next)) {
      begun.add(next);
    }
    work(next, now, time);
  }

  void turnBack() {
    back = true;
  }

  /** The last step that is not undone yet, if any. */
  @Nullable OrderStep toUndo() {
    begun.removeAll(NEVER_UNDONE);
    return begun.isEmpty() ? null : begun.getLast();
  }

  void undo(OrderStep last, Instant now, Duration time) {
    work(last, now, time);
  }

  /** Forgets a step that is undone; false when it was forgotten before. */
  boolean undone(OrderStep last) {
    return back && begun.remove(last);
  }

  void tryAgain(Instant now, Duration time) {
    work(step, now, time);
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

  /** What the order was not told yet, if anything. */
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

  /** Begins to wait; {@code wake} sets the date and answers its id. */
  void waitFor(WakeUp wake) {
    turn++;
    wakeUp = wake.set(turn);
  }

  /** Ends the wait, and answers the date's id when there is one. */
  @Nullable String stopWaiting() {
    turn++;
    String id = wakeUp;
    wakeUp = null;
    return id;
  }

  private void work(OrderStep on, Instant now, Duration time) {
    step = on;
    since = now;
    deadline = now.plus(time);
    attempts = 0;
    attention = false;
    lastError = null;
    untold = null;
  }

  /** What there is to tell the order about the step. */
  enum News {
    DONE,
    UNDONE,
    ALL_UNDONE,
    GIVEN_UP,
    NEEDS_ATTENTION
  }

  /**
   * Something to tell the order.
   *
   * @param text a detail or a reason, where there is one
   */
  record Untold(News news, @Nullable String text) {}

  /** Sets a date for a turn. */
  interface WakeUp {
    String set(int turn);
  }
}

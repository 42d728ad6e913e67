package io.kontor.api.standingorder;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of a standing order. Without a next execution, it has ended. */
public sealed interface StandingOrderEvent {
  StandingOrderId order();

  record StandingOrderCreated(
      StandingOrderId order, String customer, StandingOrderTerms terms, PlannedExecution next)
      implements StandingOrderEvent {}

  /**
   * The money was transferred, or held for a payment, in the same append.
   *
   * @param result the transfer or the payment
   */
  record StandingOrderExecuted(
      StandingOrderId order,
      PlannedExecution execution,
      UUID result,
      @Nullable PlannedExecution next)
      implements StandingOrderEvent {}

  /**
   * The money was missing; it is tried again.
   *
   * @param tries how often it was tried
   */
  record ExecutionPostponed(
      StandingOrderId order, PlannedExecution execution, int tries, Instant retryAt, String reason)
      implements StandingOrderEvent {}

  /** A due date is not executed; the order goes on with the next one. */
  record ExecutionFailed(
      StandingOrderId order,
      PlannedExecution execution,
      String reason,
      @Nullable PlannedExecution next)
      implements StandingOrderEvent {}

  record StandingOrderPaused(StandingOrderId order) implements StandingOrderEvent {}

  record StandingOrderResumed(StandingOrderId order, @Nullable PlannedExecution next)
      implements StandingOrderEvent {}

  record StandingOrderCancelled(StandingOrderId order) implements StandingOrderEvent {}
}

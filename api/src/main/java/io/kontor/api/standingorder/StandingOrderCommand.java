package io.kontor.api.standingorder;

import io.kontor.api.message.Validation;
import java.time.LocalDate;
import java.util.Currency;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands to a standing order. With a customer, another customer's order is unknown. */
public sealed interface StandingOrderCommand {
  StandingOrderId order();

  /**
   * Rejected when the amount is in another currency than an account, or both accounts are the same.
   *
   * @param customer the owner of the paying account
   * @param fromCurrency the paying account's
   * @param toCurrency the receiving account's; null when that is at another bank
   * @param first of the schedule
   */
  record CreateStandingOrder(
      @TargetAggregateIdentifier StandingOrderId order,
      String customer,
      Currency fromCurrency,
      @Nullable Currency toCurrency,
      StandingOrderTerms terms,
      PlannedExecution first)
      implements StandingOrderCommand {
    public CreateStandingOrder {
      Validation.positive("amount", terms.amount());
      Validation.carriedReference(terms.reference());
      Validation.that(
          (terms.to() == null) != (terms.creditor() == null), "to: there must be one receiver");
    }
  }

  /**
   * Executes a due date: one decision over the order, the account and what receives the money.
   * Idempotent: it does nothing if the due date is not the next one of an active order.
   *
   * @param entry the journal entry of the transfer, or of the payment's capture
   * @param hold of the payment
   * @param comeback the journal entry that would book the payment's return
   */
  record ExecuteStandingOrder(
      @TargetAggregateIdentifier StandingOrderId order,
      LocalDate dueDate,
      UUID entry,
      UUID hold,
      UUID comeback)
      implements StandingOrderCommand {}

  record PauseStandingOrder(
      @TargetAggregateIdentifier StandingOrderId order, @Nullable String onBehalfOf)
      implements StandingOrderCommand {}

  /** Goes on with the first due date that has not passed. */
  record ResumeStandingOrder(
      @TargetAggregateIdentifier StandingOrderId order, @Nullable String onBehalfOf)
      implements StandingOrderCommand {}

  record CancelStandingOrder(
      @TargetAggregateIdentifier StandingOrderId order, @Nullable String onBehalfOf)
      implements StandingOrderCommand {}
}

package io.kontor.api.payment;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries for payments. With a {@code customer}, only that customer's payments are visible. */
public sealed interface PaymentQuery {

  /** Returns {@link PaymentDetails}, or nothing when it is unknown. */
  record FindPayment(UUID payment, @Nullable String customer) implements PaymentQuery {}

  /** Returns those of the ids whose payments are at rest, of any payer. */
  record FindPaymentsAtRest(Set<UUID> payments) implements PaymentQuery {}

  /**
   * Returns a list of {@link PaymentDetails}, newest first.
   *
   * @param needsAttention whether it waits for an operator
   * @param before the last payment of the previous page
   */
  record FindPayments(
      @Nullable UUID account,
      @Nullable PaymentStatus status,
      @Nullable Boolean needsAttention,
      @Nullable String customer,
      @Nullable UUID before,
      int limit)
      implements PaymentQuery {}
}

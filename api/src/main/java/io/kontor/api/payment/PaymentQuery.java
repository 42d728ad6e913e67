package io.kontor.api.payment;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can be asked about payments. With a {@code customer}, other customers' do not exist. */
public sealed interface PaymentQuery {

  /** Answers {@link PaymentDetails}, or nothing when it is unknown. */
  record FindPayment(UUID payment, @Nullable String customer) implements PaymentQuery {}

  /** Answers the ids of those among the payments that are at rest, whoever pays. */
  record FindPaymentsAtRest(Set<UUID> payments) implements PaymentQuery {}

  /**
   * Answers a list of {@link PaymentDetails}, newest first.
   *
   * @param needsAttention whether it waits for a person
   * @param before the last payment of the page before
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

package io.kontor.api.account;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked about accounts. With a {@code customer}, other customers' accounts do not
 * exist. An unknown account is answered with nothing.
 */
public sealed interface AccountQuery {

  /** Answers {@link AccountDetails}. */
  record FindAccount(UUID account, @Nullable String customer) implements AccountQuery {}

  /**
   * Answers a list of {@link AccountDetails}, oldest first.
   *
   * @param after the last account of the page before
   */
  record FindAccounts(
      @Nullable AccountStatus status, @Nullable String customer, @Nullable UUID after, int limit)
      implements AccountQuery {}

  /**
   * Answers {@link AccountBalance}.
   *
   * @param at with everything booked before then; with everything booked, when null
   */
  record FindBalance(UUID account, @Nullable Instant at, @Nullable String customer)
      implements AccountQuery {}
}

package io.kontor.api.account;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Queries for accounts. With a {@code customer}, only that customer's accounts are visible. An
 * unknown account gives an empty result.
 */
public sealed interface AccountQuery {

  /** Returns {@link AccountDetails}. */
  record FindAccount(UUID account, @Nullable String customer) implements AccountQuery {}

  /**
   * Returns a list of {@link AccountDetails}, oldest first.
   *
   * @param customers whose accounts are meant; all when null
   * @param after the last account of the previous page
   */
  record FindAccounts(
      @Nullable AccountStatus status,
      @Nullable Set<String> customers,
      @Nullable UUID after,
      int limit)
      implements AccountQuery {}

  /**
   * Returns {@link AccountBalance}.
   *
   * @param at counts what was booked before then; everything, when null
   */
  record FindBalance(UUID account, @Nullable Instant at, @Nullable String customer)
      implements AccountQuery {}
}

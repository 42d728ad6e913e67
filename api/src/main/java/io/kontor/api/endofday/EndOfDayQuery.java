package io.kontor.api.endofday;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries for bank days and conditions. */
public sealed interface EndOfDayQuery {
  /** Returns {@link BankDayDetails}, or nothing before the first day is opened. */
  record FindBankDay() implements EndOfDayQuery {}

  /**
   * Returns a list of {@link ConditionsDetails}, those that count last first.
   *
   * @param account whose own and whose currency's are wanted; null for the currency's
   */
  record FindConditions(@Nullable UUID account, Currency currency) implements EndOfDayQuery {}

  /**
   * Returns the number of accounts that a day's end has to do, a {@link Long}: those that were
   * opened before it and are not closed. Fails while the read models lack something that was booked
   * before the query, so that the pages read after it have everything.
   *
   * @param after the last account that is done; null for none
   */
  record CountAccounts(Instant end, @Nullable UUID after) implements EndOfDayQuery {}

  /** Returns a list of {@link BookedTotals}, without accounts on which nothing was booked. */
  record FindBookedTotals(List<UUID> accounts) implements EndOfDayQuery {}

  /**
   * Returns a list of {@link ClosingBalance} by account.
   *
   * @param end of the day
   * @param after the last account of the page before
   */
  record FindClosingBalances(LocalDate day, Instant end, @Nullable UUID after, int limit)
      implements EndOfDayQuery {}
}

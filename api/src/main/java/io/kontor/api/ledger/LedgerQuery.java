package io.kontor.api.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queries for the ledger. */
public sealed interface LedgerQuery {

  /** Returns {@link JournalEntry}, or nothing when it is unknown. */
  record FindJournalEntry(UUID entry) implements LedgerQuery {}

  /**
   * Returns a {@link TrialBalance} for each currency.
   *
   * @param at counts what was booked before then; everything, when null
   */
  record FindTrialBalance(@Nullable Instant at) implements LedgerQuery {}

  /**
   * Returns a list of {@link Posting}, newest first, ordered by position and not by time.
   *
   * @param from the earliest booking time, inclusive
   * @param to the latest booking time, exclusive
   * @param before the last posting of the previous page
   */
  record FindPostings(
      UUID account,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable PostingCursor before,
      int limit)
      implements LedgerQuery {}

  /** A cursor in a list of bookings, newest first. */
  record PostingCursor(Instant bookedAt, long position, UUID id) {}
}

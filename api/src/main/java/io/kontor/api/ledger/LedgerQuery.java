package io.kontor.api.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can be asked about the books. */
public sealed interface LedgerQuery {

  /** Answers {@link JournalEntry}, or nothing when it is unknown. */
  record FindJournalEntry(UUID entry) implements LedgerQuery {}

  /**
   * Answers a list with a {@link TrialBalance} for each currency.
   *
   * @param at with everything booked before then; with everything booked, when null
   */
  record FindTrialBalance(@Nullable Instant at) implements LedgerQuery {}

  /**
   * Answers a list of {@link Posting}, newest first: in the order in which they were booked, which
   * is that of positions and not of clocks.
   *
   * @param from booked then or later
   * @param to booked before then
   * @param before the last posting of the page before
   */
  record FindPostings(
      UUID account, @Nullable Instant from, @Nullable Instant to, @Nullable Place before, int limit)
      implements LedgerQuery {}

  /** A place in a list of bookings that is ordered from the newest to the oldest. */
  record Place(Instant bookedAt, long position, UUID id) {}
}

package io.kontor.api.ledger;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A movement of money: its debits equal its credits.
 *
 * @param position its event's position
 */
public record JournalEntry(
    UUID id,
    EntryKind kind,
    String reference,
    Instant bookedAt,
    long position,
    List<Leg> postings) {

  public JournalEntry {
    postings = List.copyOf(postings);
  }

  /**
   * A posting of the entry.
   *
   * @param account the customer's account; null for the bank's own accounts
   * @param balanceAfter that account's balance after it
   */
  public record Leg(
      UUID id,
      LedgerAccount ledgerAccount,
      @Nullable UUID account,
      PostingDirection direction,
      Money amount,
      @Nullable Money balanceAfter) {}
}

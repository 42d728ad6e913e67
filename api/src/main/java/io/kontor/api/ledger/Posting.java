package io.kontor.api.ledger;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.UUID;

/**
 * One line of an account's statement.
 *
 * @param balanceAfter the account's balance after it
 * @param position its event's position
 */
public record Posting(
    UUID id,
    UUID entryId,
    Instant bookedAt,
    PostingDirection direction,
    Money amount,
    Money balanceAfter,
    String reference,
    EntryKind kind,
    long position) {}

package io.kontor.api.transfer;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.UUID;

/**
 * A booked transfer as it can be read.
 *
 * @param position where its event stands in the event store
 */
public record TransferDetails(
    UUID id,
    UUID entryId,
    UUID from,
    UUID to,
    Money amount,
    String reference,
    Instant bookedAt,
    long position) {}

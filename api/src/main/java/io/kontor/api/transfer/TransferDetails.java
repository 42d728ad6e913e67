package io.kontor.api.transfer;

import io.kontor.api.money.Money;
import java.time.Instant;
import java.util.UUID;

/**
 * The read model of a booked transfer.
 *
 * @param position its event's position
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

package io.kontor.api.endofday;

import io.kontor.api.message.VersionedResult;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The result of a bank day's commands.
 *
 * @param day the open bank day
 * @param endsAt when it is over
 */
public record BankDayResult(LocalDate day, Instant endsAt, long version)
    implements VersionedResult {}

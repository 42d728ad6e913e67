package io.kontor.api.endofday;

import io.kontor.api.message.VersionedResult;
import java.time.LocalDate;

/**
 * The result of setting conditions.
 *
 * @param from the first day on which they count
 */
public record ConditionsResult(LocalDate from, long version) implements VersionedResult {}

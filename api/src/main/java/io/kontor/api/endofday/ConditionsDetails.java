package io.kontor.api.endofday;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that were set.
 *
 * @param account whose they are; absent for those of a currency
 * @param from the first day on which they count
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConditionsDetails(
    @Nullable UUID account, LocalDate from, Instant setAt, AccountTerms terms) {}

package io.kontor.query.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Statements of all accounts that were asked for together.
 *
 * @param from the first day
 * @param to the day after the last one
 * @param job the job that asks for each account's statement, in a job of its own
 * @param ready statements that can be fetched
 * @param failed statements whose jobs are dead, cancelled or discarded
 * @param total the accounts; absent while it is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatementRunDetails(
    UUID id,
    LocalDate from,
    LocalDate to,
    StatementFormat format,
    StatementState state,
    UUID job,
    long ready,
    long failed,
    @Nullable Long total,
    Instant requestedAt) {}

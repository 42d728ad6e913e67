package io.kontor.query.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A statement that was asked for.
 *
 * @param from the first day
 * @param to the day after the last one
 * @param done lines that are written, of {@code total}
 * @param total 0 while it is not known
 * @param bytes the document's length, once it is ready
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatementDetails(
    UUID id,
    UUID account,
    LocalDate from,
    LocalDate to,
    StatementFormat format,
    StatementState state,
    long done,
    long total,
    @Nullable Long bytes,
    Instant requestedAt) {}

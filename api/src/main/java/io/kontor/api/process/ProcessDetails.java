package io.kontor.api.process;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process that is not at its end.
 *
 * @param id the id of what it is about, such as the order
 * @param since when it began with the step
 * @param attempts how often the step failed so far
 * @param deadline until when the step may take
 * @param overdue whether it took longer
 */
public record ProcessDetails(
    UUID id,
    String type,
    ProcessState state,
    String step,
    String waitingFor,
    Instant since,
    int attempts,
    Instant deadline,
    boolean overdue,
    @Nullable String lastError,
    Instant startedAt) {}

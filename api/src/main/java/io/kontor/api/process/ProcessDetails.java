package io.kontor.api.process;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process that has not ended.
 *
 * @param id the id of its subject, such as the order
 * @param since when the step began
 * @param attempts how often the step has failed
 * @param deadline the time by which the step should be done
 * @param overdue whether the deadline has passed
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

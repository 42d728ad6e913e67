package io.kontor.job.queue;

import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is listed; also a task of a process, which nothing here can change.
 *
 * @param tenant null for the installation's own tasks
 * @param createdAt null for a process's task
 * @param createdBy null for a process's task
 * @param runAt when it is or was due; after a failure, when it is tried again
 * @param maxAttempts null where the process decides
 * @param failure of the last attempt
 * @param done of {@code total}, in units that the type knows
 * @param decision what a person decided when the job was dead, and why
 * @param canBeSteered whether it can be retried, cancelled or discarded here
 */
public record JobRecord(
    @Nullable TenantId tenant,
    UUID id,
    String type,
    JobPriority priority,
    JobState state,
    @Nullable Instant createdAt,
    @Nullable String createdBy,
    Instant runAt,
    int attempts,
    @Nullable Integer maxAttempts,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String failure,
    long done,
    long total,
    @Nullable String message,
    @Nullable UUID parent,
    boolean cancelRequested,
    @Nullable String decidedBy,
    @Nullable String decision,
    boolean canBeSteered) {}

package io.kontor.job.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job to be enqueued.
 *
 * @param priority null for the type's
 * @param runAt null for as soon as possible
 * @param uniqueKey while a job of the same tenant, type and key waits, no other is enqueued
 * @param parent the job that it is a part of
 * @param by who asks for it
 */
public record JobRequest<A>(
    JobType<A> type,
    A arguments,
    @Nullable JobPriority priority,
    @Nullable Instant runAt,
    @Nullable String uniqueKey,
    @Nullable UUID parent,
    String by) {

  /** A job that is due at once, with its type's priority. */
  public static <A> JobRequest<A> of(JobType<A> type, A arguments, String by) {
    return new JobRequest<>(type, arguments, null, null, null, null, by);
  }

  public JobRequest<A> priority(JobPriority other) {
    return new JobRequest<>(type, arguments, other, runAt, uniqueKey, parent, by);
  }

  public JobRequest<A> runAt(Instant time) {
    return new JobRequest<>(type, arguments, priority, time, uniqueKey, parent, by);
  }

  public JobRequest<A> uniqueKey(String key) {
    return new JobRequest<>(type, arguments, priority, runAt, key, parent, by);
  }

  public JobRequest<A> parent(UUID job) {
    return new JobRequest<>(type, arguments, priority, runAt, uniqueKey, job, by);
  }
}

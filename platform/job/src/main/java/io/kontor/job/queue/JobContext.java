package io.kontor.job.queue;

import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job's attempt under way. */
public final class JobContext<A> {
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

  private final AttemptStore.Attempt attempt;
  private final A arguments;
  private final AttemptStore store;
  private long reportedAt = System.nanoTime();

  JobContext(AttemptStore.Attempt attempt, A arguments, AttemptStore store) {
    this.attempt = attempt;
    this.arguments = arguments;
    this.store = store;
  }

  /** The job, the same in every attempt: the idempotency key of what it does. */
  public UUID id() {
    return attempt.id();
  }

  public TenantId tenant() {
    return attempt.tenant();
  }

  public A arguments() {
    return arguments;
  }

  /** The attempt's number, from 1. */
  public int attempt() {
    return attempt.number();
  }

  /** The person or the process that asked for the job. */
  public String by() {
    return attempt.by();
  }

  /**
   * Whether the job runs before its time, since a person has it run at once. By the database's
   * clock, by which it waits again: by a node's, which may be slow, it would come back at once.
   */
  public boolean isAheadOf(Instant due) {
    return attempt.startedAt().isBefore(due);
  }

  /**
   * Says how far the job is; stored once a second at most.
   *
   * @param total 0 if unknown
   * @param message one line; null for none
   * @throws JobCancelledException if the job is not to go on
   */
  public void progress(long done, long total, @Nullable String message) {
    long now = System.nanoTime();
    if (done < total && now - reportedAt < BETWEEN_REPORTS.toNanos()) {
      return;
    }
    reportedAt = now;
    store.progress(attempt, done, total, message);
  }
}

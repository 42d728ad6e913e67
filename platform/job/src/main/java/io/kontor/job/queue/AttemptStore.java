package io.kontor.job.queue;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an attempt writes to its job. Each statement names the attempt, so one that was taken for
 * dead and has been replaced changes nothing.
 */
final class AttemptStore {
  private static final String OF_ATTEMPT =
      " where tenant_id = :tenant and id = :id and state = 'RUNNING' and attempts = :attempt";

  private final JdbcClient jdbc;
  private final TenantTransactions transactions;
  private final Consumer<DeadJob> died;

  /**
   * @param died receives a job that is dead, in the transaction that makes it so
   */
  AttemptStore(DataSource worker, Consumer<DeadJob> died) {
    this.jdbc = JdbcClient.create(worker);
    this.transactions = new TenantTransactions(worker);
    this.died = died;
  }

  /**
   * @param number from 1
   * @param startedAt by the database's clock, which also decides when a job is due
   * @param arguments JSON
   */
  record Attempt(
      TenantId tenant,
      UUID id,
      int number,
      Instant startedAt,
      int maxAttempts,
      int revision,
      String arguments,
      String by,
      boolean cancelRequested) {}

  /** Counts the attempt before it begins, since it may end this process. */
  Optional<Attempt> begin(TenantId tenant, UUID job, int admission) {
    return jdbc.sql(
            """
            update job set attempts = attempts + 1, started_at = now()
            where tenant_id = :tenant and id = :id and state = 'RUNNING' and admissions = :admission
            returning attempts, started_at, max_attempts, revision, arguments, created_by, cancel_requested
            """)
        .param("tenant", tenant.value())
        .param("id", job)
        .param("admission", admission)
        .query(
            (row, number) ->
                new Attempt(
                    tenant,
                    job,
                    row.getInt("attempts"),
                    row.getTimestamp("started_at").toInstant(),
                    row.getInt("max_attempts"),
                    row.getInt("revision"),
                    row.getString("arguments"),
                    row.getString("created_by"),
                    row.getBoolean("cancel_requested")))
        .optional();
  }

  /**
   * @throws JobCancelledException if the job is not to go on
   */
  void progress(Attempt attempt, long done, long total, @Nullable String message) {
    Boolean isCancelled =
        of(
                attempt,
                """
                update job set done = :done, total = :total, message = :message
                """
                    + OF_ATTEMPT
                    + " returning cancel_requested")
            .param("done", done)
            .param("total", total)
            .param("message", message)
            .query(Boolean.class)
            .optional()
            .orElseThrow(() -> new JobCancelledException("another attempt has begun"));
    if (isCancelled) {
      throw new JobCancelledException("a person cancelled it");
    }
  }

  /** Whether the job was still this attempt's. */
  boolean complete(Attempt attempt, @Nullable String result) {
    return of(
                attempt,
                """
                update job
                   set state = 'COMPLETED', ended_at = now(), failure = null,
                       done = greatest(done, total), result = cast(:result as jsonb)
                """
                    + OF_ATTEMPT)
            .param("result", result)
            .update()
        == 1;
  }

  /** Has the job tried again after a pause. */
  boolean retry(Attempt attempt, Duration pause, String failure) {
    return waitAgain(
        attempt,
        of(
                attempt,
                """
                update job
                   set state = 'WAITING', failure = :failure,
                       run_at = now() + make_interval(secs => :pause),
                       turn_at = now() + make_interval(secs => :pause) + (turn_at - run_at)
                """
                    + OF_ATTEMPT)
            .param("pause", JobQueue.seconds(pause))
            .param("failure", failure));
  }

  /** Ends a cancelled job and cancels the parts that it has enqueued since. */
  void cancel(Attempt attempt, String failure) {
    if (end(attempt, JobState.CANCELLED, failure)) {
      jdbc.sql(
              """
              update job
                 set state = case when state = 'WAITING' then 'CANCELLED' else state end,
                     ended_at = case when state = 'WAITING' then now() end,
                     cancel_requested = true, failure = :failure
               where tenant_id = :tenant and parent = :id and state in ('WAITING', 'RUNNING')
              """)
          .param("failure", failure)
          .param("tenant", attempt.tenant().value())
          .param("id", attempt.id())
          .update();
    }
  }

  /** Ends a job that waits for a person from now on. */
  boolean die(Attempt attempt, String failure) {
    return TenantContext.call(
        attempt.tenant(),
        () ->
            transactions.write(
                () -> {
                  boolean isDead = end(attempt, JobState.DEAD, failure);
                  if (isDead) {
                    died.accept(new DeadJob(attempt.id()));
                  }
                  return isDead;
                }));
  }

  private boolean end(Attempt attempt, JobState state, String failure) {
    return of(
                attempt,
                "update job set state = :state, ended_at = now(), failure = :failure" + OF_ATTEMPT)
            .param("state", state.name())
            .param("failure", failure)
            .update()
        == 1;
  }

  /** Gives a job back that this node has no time left for; the attempt does not count. */
  boolean handBack(Attempt attempt) {
    return waitAgain(
        attempt,
        of(attempt, "update job set state = 'WAITING', attempts = attempts - 1" + OF_ATTEMPT));
  }

  /**
   * Has the job wait again. One with the same unique key may have been enqueued since it began to
   * run: that one gives way, as it would have if it had come now, so that pauses and attempts are
   * kept.
   */
  private boolean waitAgain(Attempt attempt, JdbcClient.StatementSpec update) {
    while (true) {
      try {
        return update.update() == 1;
      } catch (DuplicateKeyException another) {
        cancelRepeat(attempt);
      }
    }
  }

  private void cancelRepeat(Attempt attempt) {
    jdbc.sql(
            """
            update job w
               set state = 'CANCELLED', ended_at = now(), failure = 'an earlier one is tried again'
              from job j
             where j.tenant_id = :tenant and j.id = :id and w.tenant_id = j.tenant_id
               and w.type = j.type and w.unique_key = j.unique_key and w.state = 'WAITING'
            """)
        .param("tenant", attempt.tenant().value())
        .param("id", attempt.id())
        .update();
  }

  private JdbcClient.StatementSpec of(Attempt attempt, String sql) {
    return jdbc.sql(sql)
        .param("tenant", attempt.tenant().value())
        .param("id", attempt.id())
        .param("attempt", attempt.number());
  }
}

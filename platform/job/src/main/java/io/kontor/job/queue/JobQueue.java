package io.kontor.job.queue;

import io.kontor.job.JobTracing;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Enqueues jobs in the caller's transaction, so that a job exists exactly if what asked for it is
 * committed.
 */
public final class JobQueue {
  private static final String INSERT =
      """
      with queue as (
        insert into job_queue (tenant_id, type) values (:tenant, :type) on conflict do nothing),
      due as (select coalesce(cast(:runAt as timestamptz), now()) as at)
      insert into job (tenant_id, id, type, revision, arguments, unique_key, parent, priority,
          created_by, run_at, turn_at, max_attempts, trace_parent)
      select :tenant, :id, :type, :revision, cast(:arguments as jsonb), :uniqueKey,
          cast(:parent as uuid), :priority, :by, due.at,
          due.at + make_interval(secs => :givesWay), :maxAttempts, :traceParent
        from due
      on conflict (tenant_id, type, unique_key) where unique_key is not null and state = 'WAITING'
        do nothing
      """;

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Runnable wake;

  /**
   * @param dataSource whose transactions the jobs join; a login that sees the tenant's rows
   * @param wake lets this node look for due jobs, after the commit
   */
  public JobQueue(DataSource dataSource, JsonMapper json, Runnable wake) {
    this.jdbc = JdbcClient.create(dataSource);
    this.json = json;
    this.wake = wake;
  }

  /**
   * Enqueues a job. It is admitted after the caller's transaction has ended.
   *
   * @return the new job, or the one that waits under the same unique key
   */
  public <A> UUID enqueue(TenantId tenant, JobRequest<A> request) {
    String uniqueKey = request.uniqueKey();
    while (true) {
      UUID id = IdGenerator.next();
      if (insert(tenant, id, request)) {
        if (request.runAt() == null) {
          afterCommit();
        }
        return id;
      }
      Optional<UUID> waiting = waiting(tenant, request.type().name(), String.valueOf(uniqueKey));
      if (waiting.isPresent()) {
        return waiting.get();
      }
    }
  }

  /**
   * Has the job that waits under a unique key, if there is one, run now and from attempt 1. To be
   * called before a job is enqueued under that key: two transactions that share the lock of {@link
   * #enqueue} would wait for each other.
   */
  public void dueNow(TenantId tenant, JobType<?> type, String uniqueKey) {
    int changed =
        jdbc.sql(
                """
                update job
                   set attempts = 0, run_at = least(run_at, now()),
                       turn_at = least(run_at, now()) + (turn_at - run_at)
                 where tenant_id = ? and type = ? and unique_key = ? and state = 'WAITING'
                """)
            .param(tenant.value())
            .param(type.name())
            .param(uniqueKey)
            .update();
    if (changed > 0) {
      afterCommit();
    }
  }

  private <A> boolean insert(TenantId tenant, UUID id, JobRequest<A> request) {
    JobType<A> type = request.type();
    JobPriority priority = request.priority() == null ? type.priority() : request.priority();
    return jdbc.sql(INSERT)
            .param("tenant", tenant.value())
            .param("id", id)
            .param("type", type.name())
            .param("revision", type.revision())
            .param("arguments", json.writeValueAsString(request.arguments()))
            .param("uniqueKey", request.uniqueKey())
            .param("parent", request.parent())
            .param("priority", priority.name())
            .param("by", request.by())
            .param("runAt", timestamp(request.runAt()))
            .param("givesWay", seconds(priority.givesWay()))
            .param("maxAttempts", type.maxAttempts())
            .param("traceParent", JobTracing.currentTraceParent())
            .update()
        == 1;
  }

  /** Locked until the caller's transaction ends: a run before that would not see what it wrote. */
  private Optional<UUID> waiting(TenantId tenant, String type, String uniqueKey) {
    return jdbc.sql(
            """
            select id from job
            where tenant_id = ? and type = ? and unique_key = ? and state = 'WAITING'
            for share
            """)
        .param(tenant.value())
        .param(type)
        .param(uniqueKey)
        .query(UUID.class)
        .optional();
  }

  private void afterCommit() {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              wake.run();
            }
          });
    } else {
      wake.run();
    }
  }

  static @Nullable Timestamp timestamp(@Nullable Instant time) {
    return time == null ? null : Timestamp.from(time);
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

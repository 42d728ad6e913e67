package io.kontor.job.queue;

import io.kontor.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a person sees of the jobs and decides about them. Runs in the caller's transaction and sees
 * only the tenants that its login may see.
 */
public final class JobAdministration {
  private static final String STATISTICS =
      """
      with figures as (
        select type, priority,
               count(*) filter (where state = 'WAITING') as pending,
               count(*) filter (where state = 'RUNNING') as processing,
               count(*) filter (where state = 'WAITING' and attempts > 0) as failed,
               count(*) filter (where state = 'COMPLETED') as completed,
               count(*) filter (where state = 'DEAD') as dead,
               coalesce(extract(epoch from now() - min(run_at)
                 filter (where state = 'WAITING' and run_at <= now())), 0)::bigint as oldest_wait,
               count(*) filter (where state = 'COMPLETED' and ended_at > now() - interval '5 min')
                 / 5.0 as per_minute,
               bool_or(exists (
                 select from job_queue q
                  where q.tenant_id = job.tenant_id and q.type = job.type
                    and q.paused_at is not null)) as is_paused
          from job
         where ended_at is null or state = 'DEAD' or ended_at > now() - interval '1 day'
         group by type, priority)
      select figures.*,
             is_paused or exists (
               select from paused_job_type p where p.type = figures.type) as paused
        from figures order by type, priority
      """;

  private final JdbcClient jdbc;

  public JobAdministration(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  /** What became of a request to change a job. */
  public enum Outcome {
    DONE,
    UNKNOWN_JOB,
    /** The job's state does not allow it, or it is a task of a process. */
    NOT_POSSIBLE
  }

  /**
   * The place of a job in the list.
   *
   * @param runAt the job's
   */
  public record Place(Instant runAt, UUID id) {}

  /**
   * @param arguments JSON
   * @param result JSON
   */
  public record Contents(JobRecord job, @Nullable String arguments, @Nullable String result) {}

  /** Jobs and tasks of processes, the latest due first. */
  public List<JobRecord> list(
      @Nullable JobState state, @Nullable String type, @Nullable Place after, int limit) {
    return jdbc.sql(
            """
            select * from job_overview
             where (cast(:state as text) is null or state = :state)
               and (cast(:type as text) is null or type = :type)
               and (cast(:runAt as timestamptz) is null or (run_at, id) < (:runAt, cast(:id as uuid)))
             order by run_at desc, id desc limit :limit
            """)
        .param("state", state == null ? null : state.name())
        .param("type", type)
        .param("runAt", after == null ? null : Timestamp.from(after.runAt()))
        .param("id", after == null ? null : after.id())
        .param("limit", limit)
        .query((row, number) -> job(row))
        .list();
  }

  public Optional<Contents> find(UUID id) {
    return jdbc.sql(
            """
            select o.*, j.arguments, j.result
              from job_overview o
              left join job j on j.tenant_id = o.tenant_id and j.id = o.id
             where o.id = ?
            """)
        .param(id)
        .query(
            (row, number) ->
                new Contents(job(row), row.getString("arguments"), row.getString("result")))
        .optional();
  }

  /** Has a dead or cancelled job, or one that waits after a failure, tried now, from attempt 1. */
  public Outcome retry(UUID id, String by) {
    return change(
        id,
        by,
        """
        update job
           set state = 'WAITING', attempts = 0, run_at = now(), turn_at = now() + (turn_at - run_at),
               ended_at = null, cancel_requested = false, decided_by = :by, decision = 'retry'
         where id = :id and state in ('DEAD', 'CANCELLED', 'WAITING')
        """);
  }

  /**
   * Cancels a job that waits and asks one that runs to end, and does the same with its parts, also
   * when the job itself has ended.
   */
  public Outcome cancel(UUID id, String by) {
    return change(
        id,
        by,
        """
        update job
           set state = case when state = 'WAITING' then 'CANCELLED' else state end,
               ended_at = case when state = 'WAITING' then now() end,
               cancel_requested = true, decided_by = :by, decision = 'cancel'
         where (id = :id or parent = :id) and state in ('WAITING', 'RUNNING')
        """);
  }

  /** Decides that a dead job is not to be done. */
  public Outcome discard(UUID id, String by, String reason) {
    int changed =
        jdbc.sql(
                """
                update job
                   set state = 'DISCARDED', decided_by = :by, decision = 'discard: ' || :reason
                 where id = :id and state = 'DEAD'
                """)
            .param("id", id)
            .param("by", by)
            .param("reason", reason)
            .update();
    return outcome(id, changed);
  }

  /**
   * Admits no more jobs of a type; running ones end.
   *
   * @param tenant whose; null for all tenants
   * @return false if there never was a job of that type
   */
  public boolean pause(@Nullable TenantId tenant, String type, String by) {
    if (tenant == null) {
      jdbc.sql(
              """
              insert into paused_job_type (type, paused_by)
              select distinct type, :by from job_queue where type = :type
              on conflict do nothing
              """)
          .param("type", type)
          .param("by", by)
          .update();
      return isKnown(type);
    }
    return jdbc.sql(
                """
                update job_queue
                   set paused_by = coalesce(paused_by, :by), paused_at = coalesce(paused_at, now())
                 where tenant_id = :tenant and type = :type
                """)
            .param("tenant", tenant.value())
            .param("type", type)
            .param("by", by)
            .update()
        == 1;
  }

  /**
   * Admits jobs of a type again. A tenant can't lift the pause of all tenants.
   *
   * @param tenant whose; null for the pause of all tenants
   * @return false if there never was a job of that type
   */
  public boolean resume(@Nullable TenantId tenant, String type) {
    if (tenant == null) {
      jdbc.sql("delete from paused_job_type where type = ?").param(type).update();
      return isKnown(type);
    }
    return jdbc.sql(
                """
                update job_queue set paused_by = null, paused_at = null
                 where tenant_id = ? and type = ?
                """)
            .param(tenant.value())
            .param(type)
            .update()
        == 1;
  }

  private boolean isKnown(String type) {
    return jdbc.sql("select exists (select from job_queue where type = ?)")
        .param(type)
        .query(Boolean.class)
        .single();
  }

  /** Figures by type and priority. */
  public List<JobStatistics> statistics() {
    return jdbc.sql(STATISTICS)
        .query(
            (row, number) ->
                new JobStatistics(
                    row.getString("type"),
                    JobPriority.valueOf(row.getString("priority")),
                    row.getLong("pending"),
                    row.getLong("processing"),
                    row.getLong("failed"),
                    row.getLong("completed"),
                    row.getLong("dead"),
                    row.getLong("oldest_wait"),
                    row.getDouble("per_minute"),
                    row.getBoolean("paused")))
        .list();
  }

  private Outcome change(UUID id, String by, String sql) {
    return outcome(id, jdbc.sql(sql).param("id", id).param("by", by).update());
  }

  private Outcome outcome(UUID id, int changed) {
    if (changed > 0) {
      return Outcome.DONE;
    }
    return find(id).isPresent() ? Outcome.NOT_POSSIBLE : Outcome.UNKNOWN_JOB;
  }

  private static JobRecord job(ResultSet row) throws SQLException {
    String tenant = row.getString("tenant_id");
    return new JobRecord(
        tenant == null ? null : new TenantId(tenant),
        row.getObject("id", UUID.class),
        row.getString("type"),
        JobPriority.valueOf(row.getString("priority")),
        JobState.valueOf(row.getString("state")),
        instant(row, "created_at"),
        row.getString("created_by"),
        row.getTimestamp("run_at").toInstant(),
        row.getInt("attempts"),
        row.getObject("max_attempts", Integer.class),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        row.getString("failure"),
        row.getLong("done"),
        row.getLong("total"),
        row.getString("message"),
        row.getObject("parent", UUID.class),
        row.getBoolean("cancel_requested"),
        row.getString("decided_by"),
        row.getString("decision"),
        row.getBoolean("can_be_steered"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }
}

package io.kontor.job.queue;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Admits waiting jobs: hands those whose turn it is to db-scheduler, a few more than the workers
 * that are free, so that what waits stays in an order that priorities and limits decide. One node
 * admits at a time. A job that a transaction has locked, since it asks for it again, is passed over
 * until that has ended.
 */
final class JobDispatcher {
  private static final String ADMIT =
      """
      with running as (
        select tenant_id, type, count(*) as jobs from job where state = 'RUNNING'
         group by tenant_id, type),
      type as (
        select t.name, t.tenant_limit, t.type_limit - coalesce(sum(r.jobs), 0) as free
          from unnest(:types, :tenantLimits, :typeLimits) as t (name, tenant_limit, type_limit)
          left join running r on r.type = t.name
         where not exists (select from paused_job_type p where p.type = t.name)
         group by t.name, t.tenant_limit, t.type_limit),
      candidate as (
        select next.tenant_id, next.id, next.turn_at, type.free,
               row_number() over (partition by type.name order by next.turn_at, next.id) as place
          from type
          join job_queue q on q.type = type.name and q.paused_at is null
          left join running r on r.tenant_id = q.tenant_id and r.type = q.type
         cross join lateral (
           select j.tenant_id, j.id, j.turn_at from job j
            where j.tenant_id = q.tenant_id and j.type = q.type and j.state = 'WAITING'
              and j.run_at <= now() and j.turn_at <= now() + make_interval(secs => :givesWay)
            order by j.turn_at
            limit least(:places, greatest(0, type.tenant_limit - coalesce(r.jobs, 0)))) next
         where type.free > 0),
      chosen as (
        select locked.tenant_id, locked.id
          from (select * from candidate where place <= free order by turn_at, id) due
         cross join lateral (
           select j.tenant_id, j.id from job j
            where j.tenant_id = due.tenant_id and j.id = due.id and j.state = 'WAITING'
              for update of j skip locked) locked
         order by due.turn_at, due.id limit :places),
      admitted as (
        update job j set state = 'RUNNING', admissions = admissions + 1, started_at = null
          from chosen c
         where j.tenant_id = c.tenant_id and j.id = c.id and j.state = 'WAITING'
        returning j.tenant_id, j.id, j.type, j.admissions, j.turn_at)
      insert into job_execution (task_name, task_instance, execution_time, picked, version)
      select type, tenant_id || '/' || id || '/' || admissions, least(turn_at, now()), false, 1
        from admitted
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final int workers;
  private final List<JobType<?>> types;

  /**
   * @param workers jobs that a node runs at the same time at most
   * @param types that this program can run
   */
  JobDispatcher(DataSource worker, int workers, Collection<? extends JobType<?>> types) {
    this.jdbc = JdbcClient.create(worker);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(worker));
    this.workers = workers;
    this.types = List.copyOf(types);
  }

  /**
   * Admits as many jobs as there is room for.
   *
   * @return how many
   */
  int admit() {
    Integer admitted = transaction.execute(status -> isAlone() ? fill() : 0);
    return admitted == null ? 0 : admitted;
  }

  private boolean isAlone() {
    return jdbc.sql("select pg_try_advisory_xact_lock(hashtext(current_schema() || '.job'))")
        .query(Boolean.class)
        .single();
  }

  private int fill() {
    int waiting =
        jdbc.sql("select count(*) from job_execution where not picked")
            .query(Integer.class)
            .single();
    int places = 2 * workers - waiting;
    if (places <= 0) {
      return 0;
    }
    return jdbc.sql(ADMIT)
        .param("types", column("text", types.stream().map(JobType::name)))
        .param("tenantLimits", column("int", types.stream().map(JobType::tenantLimit)))
        .param("typeLimits", column("int", types.stream().map(JobType::typeLimit)))
        .param("givesWay", JobQueue.seconds(JobPriority.longestGivingWay()))
        .param("places", places)
        .update();
  }

  private static SqlArrayValue column(String type, Stream<?> values) {
    return new SqlArrayValue(type, values.toArray());
  }
}

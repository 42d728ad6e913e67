package io.kontor.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobQueueProperties;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.JobWorkers;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.tenancy.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows j: jobs that do nothing, from the request to their begin: those of {@link JobQueue} beside
 * tasks of plain db-scheduler in the same database, each with ten workers and lock-and-fetch.
 */
final class JobsBenchmark implements AutoCloseable {
  private static final int WORKERS = 10;
  private static final int CALLERS = 64;
  private static final int TENANTS = 10;
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final int LONGEST_WAIT_SECONDS = 60;

  private final EmbeddedPostgres postgres;
  private final Turns turns;

  JobsBenchmark(Path folder, Turns turns) throws Exception {
    this.postgres = EmbeddedPostgres.start(folder);
    this.turns = turns;
    SchemaMigrator.run(postgres.dataSource(DatabaseLogin.OWNER));
    createPlainTable();
  }

  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put(
        "j1",
        Benchmark.of(
            "jobs, 10 workers, from request to begin, beside plain db-scheduler",
            time -> besidePlain()));
    rows.put(
        "j2",
        Benchmark.of(
            "a tenant's urgent jobs, 20 a second, from request to begin, while 100,000 of another"
                + " tenant wait",
            time -> waiting(JobWaitBenchmark::besideAnotherTenant)));
    rows.put(
        "j3",
        Benchmark.of(
            "1.8 times the jobs that 10 workers can do, a third of each priority: those of HIGH",
            time -> waiting(JobWaitBenchmark::byPriority)));
    return rows;
  }

  private Result besidePlain() throws Exception {
    try (var jobs = new Jobs();
        var plain = new Plain()) {
      Turns.Comparison comparison = turns.compare(jobs, plain);
      Result other = comparison.other();
      return comparison
          .one()
          .noting(
              "plain db-scheduler %.0f/s, p99 %.1f ms".formatted(other.perSecond(), other.p99Ms()));
    }
  }

  private interface Wait {
    Result measure(JobWaitBenchmark waits) throws Exception;
  }

  private Result waiting(Wait wait) throws Exception {
    try (HikariDataSource pool = pool()) {
      return wait.measure(new JobWaitBenchmark(pool, turns));
    }
  }

  @Override
  public void close() {
    postgres.close();
  }

  /** The form that db-scheduler's documentation gives. */
  private void createPlainTable() throws SQLException {
    try (var connection = postgres.dataSource(DatabaseLogin.OWNER).getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          create table kontor.plain_tasks (
            task_name text not null, task_instance text not null, task_data bytea,
            execution_time timestamptz not null, picked boolean not null, picked_by text,
            last_success timestamptz, last_failure timestamptz, consecutive_failures int,
            last_heartbeat timestamptz, version bigint not null, priority smallint,
            primary key (task_name, task_instance));
          create index on kontor.plain_tasks (execution_time);
          create index on kontor.plain_tasks (last_heartbeat);
          grant select, insert, update, delete on kontor.plain_tasks to kontor_worker;
          """);
    }
  }

  private HikariDataSource pool() {
    var pool = new HikariDataSource();
    pool.setDataSource(postgres.dataSource(DatabaseLogin.WORKER));
    pool.setMaximumPoolSize(2 * WORKERS);
    pool.setConnectionTimeout(TimeUnit.SECONDS.toMillis(LONGEST_WAIT_SECONDS));
    return pool;
  }

  /** A load whose operations end when a worker begins them. */
  private abstract class Begun implements Load, AutoCloseable {
    private final Map<String, CompletableFuture<Void>> expected = new ConcurrentHashMap<>();
    private final HikariDataSource pool = pool();

    final HikariDataSource database() {
      return pool;
    }

    abstract void request(int caller, String name);

    final void begin(String name) {
      CompletableFuture<Void> waiting = expected.remove(name);
      if (waiting != null) {
        waiting.complete(null);
      }
    }

    @Override
    public final Slice run(Duration time, double perSecond)
        throws InterruptedException, ExecutionException {
      return Measurement.run(
          CALLERS,
          time,
          perSecond,
          (caller, n) -> {
            String name = UUID.randomUUID().toString();
            var begun = new CompletableFuture<Void>();
            expected.put(name, begun);
            request(caller, name);
            begun.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            return 1;
          });
    }

    /** The callers are a small part of this process. */
    @Override
    public ProcessTime processes() {
      return new ProcessTime(List.of(ProcessHandle.current().pid()), postgres.processId());
    }

    @Override
    public boolean isTimedAtHalfRate() {
      return true;
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  private final class Jobs extends Begun implements JobHandler<Jobs.Nothing> {
    private static final JobType<Nothing> TYPE =
        JobType.of("bench", Nothing.class, JobPriority.MEDIUM).limits(1000, 1000);

    private final JobWorkers workers =
        new JobWorkers(
            database(),
            List.of(this),
            new JobQueueProperties(WORKERS, Duration.ofDays(1), Duration.ofSeconds(10)),
            List.of(),
            new JsonMapper());
    private final JobQueue queue = new JobQueue(database(), new JsonMapper(), workers::wake);

    record Nothing(String name) {}

    Jobs() {
      workers.start();
    }

    @Override
    public String what() {
      return "jobs";
    }

    @Override
    public JobType<Nothing> type() {
      return TYPE;
    }

    @Override
    public @Nullable Object run(JobContext<Nothing> job) {
      begin(job.arguments().name());
      return null;
    }

    @Override
    void request(int caller, String name) {
      queue.enqueue(
          new TenantId("tenant-" + caller % TENANTS),
          JobRequest.of(TYPE, new Nothing(name), "bench"));
    }

    @Override
    public void close() {
      workers.stop();
      super.close();
    }
  }

  private final class Plain extends Begun {
    private static final TaskDescriptor<Void> TASK = TaskDescriptor.of("bench");

    private final Scheduler scheduler =
        Scheduler.create(
                database(),
                Tasks.oneTime(TASK).execute((instance, context) -> begin(instance.getId())))
            .tableName("kontor.plain_tasks")
            .threads(WORKERS)
            .executorService(Executors.newVirtualThreadPerTaskExecutor())
            .pollUsingLockAndFetch(0.5, 1)
            .pollingInterval(POLL_INTERVAL)
            .enableImmediateExecution()
            .build();

    Plain() {
      scheduler.start();
    }

    @Override
    public String what() {
      return "plain db-scheduler";
    }

    @Override
    void request(int caller, String name) {
      scheduler.scheduleIfNotExists(TASK.instance(name).scheduledTo(Instant.now()));
    }

    @Override
    public void close() {
      scheduler.stop();
      super.close();
    }
  }
}

package io.kontor.job.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.job.queue.JobNode.Booking;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ten thousand jobs that fail, are slow or end their program, on two programs of which one is
 * killed three times: each job ends, and none takes effect twice. The seed is a setting: {@code
 * -Dkontor.jobs.seed=42}.
 */
@Tag("system")
class JobCrashTest {
  private static final long SEED = Long.getLong("kontor.jobs.seed", new Random().nextLong());
  private static final int JOBS = Integer.getInteger("kontor.jobs.count", 10_000);
  private static final int KILLS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final TestDatabase database = TestDatabase.create();
  private final DataSource worker = database.worker();
  private final JdbcClient sql = JdbcClient.create(worker);
  private final Random random = new Random(SEED);
  private final List<Process> programs = new ArrayList<>();

  @AfterEach
  void stop() {
    programs.forEach(Process::destroyForcibly);
    database.close();
  }

  @Test
  void eachJobEndsAndNoneTakesEffectTwice() {
    System.out.printf("jobs test: %d jobs, seed %d%n", JOBS, SEED);
    JdbcClient owner = JdbcClient.create(database.owner());
    owner.sql("create table kontor.booking (job uuid primary key)").update();
    owner.sql("grant select, insert on kontor.booking to kontor_worker").update();
    enqueue();
    programs.add(start());
    programs.add(start());
    for (int kill = 1; kill <= KILLS; kill++) {
      awaitEnded(JOBS * kill / (KILLS + 2));
      programs.get(random.nextInt(programs.size())).destroyForcibly();
    }
    awaitEnded(JOBS);
    assertThat(count("state not in ('COMPLETED', 'DEAD')")).isZero();
    assertThat(count("state = 'DEAD' and failure is null")).isZero();
    assertThat(count("state = 'DEAD'")).isPositive();
    assertThat(
            count(
                "state = 'COMPLETED' and not exists"
                    + " (select from kontor.booking b where b.job = job.id)"))
        .isZero();
    assertThat(count("attempts > max_attempts + 1")).isZero();
    System.out.printf(
        "jobs test: %d completed, %d dead, %d attempts%n",
        count("state = 'COMPLETED'"),
        count("state = 'DEAD'"),
        sql.sql("select sum(attempts) from kontor.job").query(Long.class).single());
  }

  private void enqueue() {
    var queue = new JobQueue(worker, new JsonMapper(), () -> {});
    List<TenantId> tenants =
        IntStream.rangeClosed(1, 5).mapToObj(n -> new TenantId("tenant-" + n)).toList();
    JobPriority[] priorities = JobPriority.values();
    new TransactionTemplate(new JdbcTransactionManager(worker))
        .executeWithoutResult(
            status -> {
              for (int n = 0; n < JOBS; n++) {
                queue.enqueue(
                    tenants.get(n % tenants.size()),
                    JobRequest.of(JobNode.BOOK, new Booking(random.nextLong()), "a test")
                        .priority(priorities[n % priorities.length]));
              }
            });
  }

  /** Waits until so many have ended, and starts a program for each that has ended. */
  private void awaitEnded(int jobs) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              programs.replaceAll(program -> program.isAlive() ? program : start());
              return count("ended_at is not null") >= jobs;
            });
  }

  private int count(String which) {
    return sql.sql("select count(*) from kontor.job where " + which).query(Integer.class).single();
  }

  private Process start() {
    try {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              JobNode.class.getName(),
              database.jdbcUrl(),
              DatabaseLogin.WORKER.role(),
              database.password(DatabaseLogin.WORKER))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.kontor.job.queue;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A program that runs jobs which fail, are slow or end it, as their number and attempt decide. */
final class JobNode {
  static final JobType<Booking> BOOK =
      JobType.of("book", Booking.class, JobPriority.MEDIUM).limits(100, 1000);

  private static final int WORKERS = 10;

  private JobNode() {}

  /**
   * @param seed with the attempt decides how it goes
   */
  record Booking(long seed) {}

  static JobWorkers workers(DataSource worker, JobHandler<?> handler) {
    return new JobWorkers(
        worker,
        List.of(handler),
        new JobQueueProperties(WORKERS, Duration.ofDays(1), Duration.ofSeconds(10)),
        List.of(),
        new JsonMapper());
  }

  /** Runs until it is killed or its input ends; {@code url user password}. */
  public static void main(String[] arguments) throws IOException {
    var worker = new HikariDataSource();
    worker.setJdbcUrl(arguments[0]);
    worker.setSchema("kontor");
    worker.setUsername(arguments[1]);
    worker.setPassword(arguments[2]);
    worker.setMaximumPoolSize(WORKERS + 4);
    workers(worker, new Fickle(worker)).start();
    while (System.in.read() != -1) {
      // until the test has ended
    }
    Runtime.getRuntime().halt(0);
  }

  /** Books once a job, whatever happens around it. */
  private static final class Fickle implements JobHandler<Booking> {
    private final JdbcClient jdbc;

    private Fickle(DataSource worker) {
      this.jdbc = JdbcClient.create(worker);
    }

    @Override
    public JobType<Booking> type() {
      return BOOK;
    }

    @Override
    public @Nullable Object run(JobContext<Booking> job) throws InterruptedException {
      int fate = new Random(job.arguments().seed() * 31 + job.attempt()).nextInt(2000);
      if (fate == 0) {
        Runtime.getRuntime().halt(1);
      } else if (fate < 200) {
        throw new IllegalStateException("a failure that passes");
      } else if (fate < 220) {
        throw new PermanentJobException("a failure that stays");
      } else if (fate < 240) {
        TimeUnit.MILLISECONDS.sleep(300);
      }
      jdbc.sql("insert into kontor.booking (job) values (?) on conflict do nothing")
          .param(job.id())
          .update();
      if (fate == 1999) {
        Runtime.getRuntime().halt(1);
      }
      return null;
    }
  }
}

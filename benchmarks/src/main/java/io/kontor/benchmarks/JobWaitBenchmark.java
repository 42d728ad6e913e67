package io.kontor.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobQueueProperties;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.JobWorkers;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows j2 and j3: how long jobs wait while there are more than ten workers can do, of another
 * tenant, and of other priorities.
 */
final class JobWaitBenchmark {
  private static final int WORKERS = 10;
  private static final TenantId FEW = new TenantId("few");
  private static final TenantId MANY = new TenantId("many");

  private static final int QUEUED = 100_000;
  private static final int CALLERS = 64;
  private static final int URGENT_CALLERS = 8;
  private static final double URGENT_PER_SECOND = 20;

  /** Of each priority; ten workers do 200 jobs of 50 ms in a second. */
  private static final double PER_SECOND = 120;

  private static final Duration OVERLOAD = Duration.ofSeconds(100);
  private static final int LONGEST_WAIT_SECONDS = 60;

  private final HikariDataSource pool;
  private final Turns turns;

  /**
   * @param pool of a database with the bank's tables, with the worker's login
   */
  JobWaitBenchmark(HikariDataSource pool, Turns turns) {
    this.pool = pool;
    this.turns = turns;
  }

  /** A tenant's urgent jobs, with and without another one's that wait, in turn. */
  Result besideAnotherTenant() throws Exception {
    var urgent = new Work("standing-order", JobPriority.HIGH, Duration.ZERO);
    var many = new Work("statement", JobPriority.MEDIUM, Duration.ofMillis(20));
    var administration = new JobAdministration(pool);
    try (var bank = new Workers(List.of(urgent, many))) {
      administration.pause(null, many.type().name(), "bench");
      bank.enqueueMany(many);
      bank.urgent(urgent, turns.slice());
      var alone = new Histogram(3);
      var beside = new Histogram(3);
      for (int turn = 0; turn < turns.count(); turn++) {
        alone.add(bank.urgent(urgent, turns.slice()).nanos());
        administration.resume(null, many.type().name());
        beside.add(bank.urgent(urgent, turns.slice()).nanos());
        administration.pause(null, many.type().name(), "bench");
      }
      return Result.of(URGENT_PER_SECOND, beside)
          .noting(
              String.format(
                  Locale.ROOT,
                  "alone p50 %.1f ms, p99 %.1f ms; %,d of the other tenant's were done meanwhile",
                  millis(alone, 50),
                  millis(alone, 99),
                  many.begun.get()));
    }
  }

  /** Jobs of all three priorities for longer than any gives way. */
  Result byPriority() throws Exception {
    List<Work> works = new ArrayList<>();
    for (JobPriority priority : JobPriority.values()) {
      works.add(
          new Work(
              "work-" + priority.name().toLowerCase(Locale.ROOT), priority, Duration.ofMillis(50)));
    }
    try (var bank = new Workers(works);
        var feeders = Executors.newCachedThreadPool()) {
      List<Future<Slice>> fed = new ArrayList<>();
      for (Work work : works) {
        fed.add(
            feeders.submit(
                () ->
                    Measurement.openLoop(
                        CALLERS / works.size(),
                        OVERLOAD,
                        PER_SECOND,
                        (caller, n) -> bank.request(work))));
      }
      for (Future<Slice> feeder : fed) {
        feeder.get();
      }
    }
    var note = new StringBuilder();
    for (Work work : works) {
      note.append(
          String.format(
              Locale.ROOT,
              "%s: %,d of %,d began, p50 %.1f s, longest %.1f s; ",
              work.type().priority(),
              work.begun.get(),
              work.requested.get(),
              millis(work.waits, 50) / 1_000,
              work.waits.getMaxValue() / 1e9));
    }
    Work high = works.getFirst();
    return Result.of(high.begun.get() / (double) OVERLOAD.toSeconds(), high.waits)
        .noting(note.toString().strip());
  }

  private static double millis(Histogram nanos, double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }

  /** Jobs that take a time, of one type. */
  private static final class Work implements JobHandler<Work.Name> {
    private final JobType<Name> type;
    private final Duration time;
    private final Map<String, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final Histogram waits = new ConcurrentHistogram(3);

    /**
     * @param requestedAt in {@link System#nanoTime}
     */
    record Name(String name, long requestedAt) {}

    Work(String name, JobPriority priority, Duration time) {
      this.type = JobType.of(name, Name.class, priority);
      this.time = time;
    }

    @Override
    public JobType<Name> type() {
      return type;
    }

    @Override
    public @Nullable Object run(JobContext<Name> job) throws InterruptedException {
      begun.incrementAndGet();
      waits.recordValue(System.nanoTime() - job.arguments().requestedAt());
      CompletableFuture<Void> waiting = awaited.remove(job.arguments().name());
      if (waiting != null) {
        waiting.complete(null);
      }
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      return null;
    }
  }

  private final class Workers implements AutoCloseable {
    private final JobWorkers workers;
    private final JobQueue queue;

    Workers(List<Work> works) {
      workers =
          new JobWorkers(
              pool,
              works,
              new JobQueueProperties(WORKERS, Duration.ofDays(1), Duration.ofSeconds(10)),
              List.of(),
              new JsonMapper());
      queue = new JobQueue(pool, new JsonMapper(), workers::wake);
      workers.start();
    }

    /** Each priority's work is spread over tenants, whose limits would decide otherwise. */
    int request(Work work) {
      long n = work.requested.incrementAndGet();
      enqueue(new TenantId("tenant-" + n % WORKERS), work, UUID.randomUUID().toString());
      return 1;
    }

    void enqueueMany(Work work) throws Exception {
      var enqueued = new AtomicLong();
      try (var progress = BenchmarkProgress.bar("jobs", QUEUED);
          var callers = Executors.newFixedThreadPool(CALLERS)) {
        List<Future<?>> done = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
          done.add(
              callers.submit(
                  () -> {
                    while (enqueued.incrementAndGet() <= QUEUED) {
                      enqueue(MANY, work, UUID.randomUUID().toString());
                      progress.reached(enqueued.get());
                    }
                  }));
        }
        for (Future<?> each : done) {
          each.get();
        }
      }
    }

    /** At a fixed rate, each from its due time until it begins. */
    Slice urgent(Work work, Duration time) throws Exception {
      return Measurement.openLoop(
          URGENT_CALLERS,
          time,
          URGENT_PER_SECOND,
          (caller, n) -> {
            String name = UUID.randomUUID().toString();
            var begun = new CompletableFuture<Void>();
            work.awaited.put(name, begun);
            enqueue(FEW, work, name);
            begun.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            return 1;
          });
    }

    private void enqueue(TenantId tenant, Work work, String name) {
      queue.enqueue(
          tenant, JobRequest.of(work.type(), new Work.Name(name, System.nanoTime()), "bench"));
    }

    @Override
    public void close() {
      workers.stop();
    }
  }
}

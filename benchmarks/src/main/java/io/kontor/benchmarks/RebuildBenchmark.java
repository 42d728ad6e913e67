package io.kontor.benchmarks;

import io.kontor.app.KontorCommandLine;
import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;

/**
 * Rebuild of accounts and postings from a long history: by Kontor's own tool in a separate process,
 * and by Axon's reset and replay with the same handlers and events. Then by the tool again while
 * clients write and read.
 */
final class RebuildBenchmark {
  private static final Duration SAMPLE = Duration.ofSeconds(15);
  private static final Duration QUIET_BEFORE = Duration.ofSeconds(20);
  private static final int ACCOUNTS = 10_000;
  private static final String[] WANTED = {AccountProjection.NAME, JournalProjection.NAME};

  private final BenchmarkBank bank;
  private final Path folder;
  private final int events;
  private final GeneratedHistory history;
  private long peakMegabytes;
  private double rebuilt;

  private RebuildBenchmark(BenchmarkBank bank, Path folder, int events) {
    this.bank = bank;
    this.folder = folder;
    this.events = events;
    this.history = new GeneratedHistory(bank.part("eventSerializer", Serializer.class), ACCOUNTS);
  }

  static Map<String, Benchmark> rows(BenchmarkBank bank, Path folder, int events) {
    var benchmark = new RebuildBenchmark(bank, folder, events);
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put(
        "r1", Benchmark.of("accounts and postings rebuilt", time -> benchmark.rebuildAtRest()));
    rows.put(
        "r2",
        Benchmark.of("the same by Axon's replay, defaults", time -> benchmark.axonReplay(0, 1)));
    rows.put("r3", Benchmark.of("the same, batches of 500", time -> benchmark.axonReplay(500, 1)));
    rows.put(
        "r4", Benchmark.of("the same, batches of 2,000", time -> benchmark.axonReplay(2_000, 1)));
    rows.put(
        "r5",
        Benchmark.of(
            "the same, batches of 500, four segments", time -> benchmark.axonReplay(500, 4)));
    rows.put(
        "r6",
        Benchmark.of(
            "rebuilt while 4 clients write and 4 read", time -> benchmark.rebuildUnderLoad()));
    return rows;
  }

  private Result rebuildAtRest() throws Exception {
    return bank.withoutProjections(
        () -> {
          history.write(worker(), events);
          rebuilt = rebuild(WANTED);
          String note = "%,d events, peak memory %d MB".formatted(events, peakMegabytes);
          rebuild(others());
          return Result.rate(rebuilt, note);
        });
  }

  /** The other projections, rebuilt so that none has a backlog when the clients start. */
  private String[] others() {
    return bank.part(ProjectionRunner.class).names().stream()
        .filter(name -> !List.of(WANTED).contains(name))
        .toArray(String[]::new);
  }

  private Result axonReplay(int batch, int segments) throws Exception {
    return bank.withoutProjections(
        () -> {
          var replay =
              new AxonReplayBaseline(
                  List.of(new AccountProjection(), new JournalProjection()),
                  worker(),
                  bank.part(EventStore.class),
                  bank.part("eventSerializer", Serializer.class));
          double perSecond = replay.perSecond(batch, segments, SAMPLE);
          return Result.rate(
              perSecond,
              String.format(
                  Locale.ROOT,
                  "a sample of %d s; the rebuild is %.1f times as fast",
                  SAMPLE.toSeconds(),
                  rebuilt / perSecond));
        });
  }

  private Result rebuildUnderLoad() throws Exception {
    bank.catchUp();
    try (var clients = new RebuildClientLoad(bank.port(), history.accounts())) {
      TimeUnit.NANOSECONDS.sleep(QUIET_BEFORE.toNanos());
      double before = clients.writesPerSecond(QUIET_BEFORE);
      long writes = clients.writes();
      long start = System.nanoTime();
      double perSecond = rebuild(WANTED);
      double during = (clients.writes() - writes) * 1e9 / (System.nanoTime() - start);
      return Result.rate(
          perSecond,
          String.format(
              Locale.ROOT,
              "%.0f writes/s before, %.0f during: %.0f %%; %,d reads, %d failed, %d with a gap",
              before,
              during,
              100 * during / before,
              clients.reads(),
              clients.failures(),
              clients.gaps()));
    }
  }

  /** Runs the command line's tool and returns events per second, from its start to its swap. */
  private double rebuild(String... projections) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseParallelGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), KontorCommandLine.class.getName()));
    command.addAll(List.of("projections", "rebuild"));
    command.addAll(List.of(projections));
    command.addAll(List.of("--data-dir", folder.toString()));
    Process tool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(folder.resolve("rebuild.log").toFile()))
            .start();
    peakMegabytes = 0;
    while (!tool.waitFor(100, TimeUnit.MILLISECONDS)) {
      peakMegabytes = Math.max(peakMegabytes, ProcessMemory.peakMegabytes(tool.pid()));
    }
    if (tool.exitValue() != 0) {
      throw new IOException(Files.readString(folder.resolve("rebuild.log")));
    }
    return lastRate();
  }

  private double lastRate() {
    Double rate =
        bank.worker()
            .queryForObject(
                """
                select position / extract(epoch from finished_at - started_at)
                from kontor.rebuild where state = '%s' order by finished_at desc limit 1
                """
                    .formatted(Rebuild.State.DONE),
                Double.class);
    return rate == null ? 0 : rate;
  }

  private DataSource worker() {
    return bank.part(EmbeddedPostgres.class).dataSource(DatabaseLogin.WORKER);
  }
}

package io.kontor.benchmarks;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.tenancy.IdGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Runs the benchmarks on one PostgreSQL and prints the results beside the TPC-B baseline. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure Kontor beside a TPC-B-like transaction on the same PostgreSQL.")
final class BenchmarkCommand implements Callable<Integer> {
  private static final List<String> KEYS =
      List.of("a", "b", "c", "d", "e", "e'", "f", "g", "h", "k", "n", "o", "r");

  /** Rows that start their own bank. */
  private static final List<String> ALONE = List.of("k", "r");

  private static final List<Integer> STREAM_LENGTHS = List.of(1, 100, 10_000, 1_000_000);
  private static final long CACHE_BYTES = 256L << 20;
  private static final int ACCOUNTS = 10_000;
  private static final int CALLERS = 400;
  private static final int CONNECTIONS = 64;
  private static final int BULK_CONNECTIONS = 4;

  @Parameters(
      arity = "0..1",
      split = ",",
      description = "which rows, such as a,c,d or n,k1; all if none")
  private List<String> wanted = new ArrayList<>();

  @Option(names = "--seconds", defaultValue = "10", description = "time a row (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "90",
      description =
          "seconds of load before the first row over HTTP, in which the virtual machine compiles"
              + " (${DEFAULT-VALUE})")
  private int warmUp;

  @Option(
      names = "--events",
      defaultValue = "1000000",
      description = "how many events row r rebuilds from (${DEFAULT-VALUE})")
  private int events;

  @Option(names = "--json", description = "write the figures to this file, too")
  private @Nullable Path json;

  private final Map<String, Measurement.Result> results = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private List<String> accountIds = List.of();
  private boolean isWarm;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchmarkCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("kontor-bench-");
    try {
      List<String> unknown =
          wanted.stream().filter(key -> !KEYS.contains(key) && !isOfGroup(key)).toList();
      if (!unknown.isEmpty()) {
        System.err.printf("bench: there is no row %s, only %s%n", unknown, KEYS);
        return CommandLine.ExitCode.USAGE;
      }
      try (BenchmarkBank bank = BenchmarkBank.start(folder, CACHE_BYTES)) {
        if (wanted.isEmpty()
            || wanted.stream()
                .map(BenchmarkCommand::group)
                .anyMatch(BenchmarkCommand::needsTheBank)) {
          measure(bank, benchmarks(bank));
        }
        if (isWanted("n")) {
          measureNodes(bank, folder);
        }
      }
      if (isWanted("h")) {
        try (BenchmarkBank bank = BenchmarkBank.start(folder, 1)) {
          measure(bank, coldLoads(bank));
        }
      }
      if (isWanted("k")) {
        Path other = Files.createTempDirectory("kontor-bench-");
        try (var broker = EmbeddedKafkaBroker.start();
            BenchmarkBank bank = BenchmarkBank.start(other, CACHE_BYTES, broker)) {
          measure(bank, KafkaBenchmark.rows(bank, broker, warmUp));
        } finally {
          delete(other);
        }
      }
      if (isWanted("r")) {
        Path other = Files.createTempDirectory("kontor-bench-");
        try (BenchmarkBank bank = BenchmarkBank.start(other, CACHE_BYTES)) {
          measure(bank, RebuildBenchmark.rows(bank, other, events));
        } finally {
          delete(other);
        }
      }
    } finally {
      delete(folder);
    }
    print();
    if (json != null) {
      JsonMapper.builder().build().writeValue(json.toFile(), results);
    }
    return 0;
  }

  /** Whether a row, its group, or any row of a group was requested. */
  private boolean isWanted(String key) {
    return wanted.isEmpty()
        || wanted.stream()
            .anyMatch(row -> row.equals(key) || row.equals(group(key)) || group(row).equals(key));
  }

  private static boolean isOfGroup(String key) {
    return key.matches("[hknpqr][0-9]+");
  }

  private static String group(String key) {
    return isOfGroup(key) ? key.substring(0, 1) : key;
  }

  private static boolean needsTheBank(String group) {
    return !ALONE.contains(group);
  }

  private void measure(BenchmarkBank bank, Map<String, Benchmark> benchmarks) throws Exception {
    for (Map.Entry<String, Benchmark> row : benchmarks.entrySet()) {
      String key = row.getKey();
      if (isWanted(key)) {
        String what = row.getValue().what();
        System.err.printf("bench: %s, %s ...%n", key, what);
        Measurement.Result result = row.getValue().run(Duration.ofSeconds(seconds));
        System.err.println("bench: " + figures(result));
        results.put(key, result);
        names.put(key, what);
        if (!isOfGroup(key)) {
          bank.catchUp();
        }
      }
    }
  }

  /** The bank itself is idle: it provides the database, and its projections are stopped. */
  private void measureNodes(BenchmarkBank bank, Path folder) throws Exception {
    List<String> ids =
        accountIds.isEmpty()
            ? bank.accounts(ACCOUNTS).stream().map(account -> account.uuid().toString()).toList()
            : accountIds;
    bank.withoutProjections(
        () -> {
          try (var nodes =
              new NodeScalingBenchmark(bank, folder, ids, Duration.ofSeconds(warmUp))) {
            measure(bank, nodes.rows());
          }
          return 0;
        });
  }

  private static Map<String, Benchmark> coldLoads(BenchmarkBank bank) {
    var rows = new LinkedHashMap<String, Benchmark>();
    for (int events : STREAM_LENGTHS) {
      rows.put("h" + events, new ColdLoadBenchmark(bank, events));
    }
    return rows;
  }

  private Map<String, Benchmark> benchmarks(BenchmarkBank bank) throws Exception {
    List<AccountId> accounts = bank.accounts(ACCOUNTS);
    List<String> ids = accounts.stream().map(account -> account.uuid().toString()).toList();
    accountIds = ids;
    List<String> hot = ids.subList(0, 1);
    bank.catchUp();
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put("a", new TpcBBaseline(bank.owner()));
    rows.put("b", new AxonJdbcBaseline(bank.owner()));
    rows.put(
        "c",
        Benchmark.of(
            "deposits in process, 10,000 accounts, 400 callers, projections at rest",
            time ->
                bank.withoutProjections(
                    () ->
                        Measurement.closedLoop(CALLERS, time, (c, n) -> deposit(bank, accounts)))));
    rows.put(
        "d",
        Benchmark.of(
            "deposits over HTTP, 10,000 accounts",
            overHttp(bank, "deposit", ids, CONNECTIONS, HttpLoad::thenAtHalfRate)));
    rows.put(
        "e",
        Benchmark.of(
            "deposits over HTTP, one hot account",
            overHttp(bank, "deposit", hot, CONNECTIONS, HttpLoad::closedLoop)));
    rows.put(
        "e'",
        Benchmark.of(
            "the same, 10 % refused for lack of funds",
            overHttp(bank, "deposit-or-refused", hot, CONNECTIONS, HttpLoad::closedLoop)));
    rows.put(
        "f",
        Benchmark.of(
            "transfers in bulks of 500 over HTTP",
            overHttp(bank, "bulk", ids, BULK_CONNECTIONS, HttpLoad::closedLoop)));
    rows.put("g", new ProjectionLagBenchmark(bank, accounts));
    rows.put("o", new OrderBenchmark(bank, accounts));
    return rows;
  }

  private Benchmark.Run overHttp(
      BenchmarkBank bank, String kind, List<String> accounts, int connections, Loop loop) {
    return time -> {
      warmUp(bank);
      var load = new HttpLoad(bank.port(), kind, accounts, connections);
      return ReadModelLagRecorder.during(bank, () -> loop.run(load, time));
    };
  }

  private void warmUp(BenchmarkBank bank) throws IOException, InterruptedException {
    if (!isWarm) {
      isWarm = true;
      System.err.printf("bench: warming up for %d s ...%n", warmUp);
      new HttpLoad(bank.port(), "mixed", accountIds, CONNECTIONS)
          .closedLoop(Duration.ofSeconds(warmUp).multipliedBy(3).dividedBy(4));
    }
  }

  private static int deposit(BenchmarkBank bank, List<AccountId> accounts) {
    AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(accounts.size()));
    bank.send(new Deposit(account, IdGenerator.next(), new Money(1, BenchmarkBank.EUR), ""));
    return 1;
  }

  private void print() {
    Measurement.Result baseline = results.get("a");
    System.out.printf(
        Locale.ROOT, "%-9s %12s %8s %9s %9s%n", "", "per second", "to a", "p50 ms", "p99 ms");
    results.forEach(
        (key, result) ->
            System.out.printf(
                Locale.ROOT,
                "%-9s %12.0f %8s %9.3f %9.3f  %s%s%n",
                key,
                result.perSecond(),
                baseline == null || result.perSecond() == 0
                    ? ""
                    : "%.2f".formatted(result.perSecond() / baseline.perSecond()),
                result.p50Ms(),
                result.p99Ms(),
                names.get(key),
                result.note().isEmpty() ? "" : " (" + result.note() + ")"));
  }

  private static String figures(Measurement.Result result) {
    return "%.0f/s, p50 %.3f ms, p99 %.3f ms"
        .formatted(result.perSecond(), result.p50Ms(), result.p99Ms());
  }

  private interface Loop {
    Measurement.Result run(HttpLoad load, Duration time) throws Exception;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

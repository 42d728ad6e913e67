package io.kontor.benchmarks;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.app.cli.CliLogging;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.tenancy.IdGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs the benchmarks: each row takes turns with the TPC-B baseline on one PostgreSQL, or with
 * another build of the server.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure Kontor beside a TPC-B-like transaction on the same PostgreSQL.")
final class BenchmarkCommand implements Callable<Integer> {
  private static final List<String> KEYS =
      List.of(
          "a", "b", "c", "d", "e", "e'", "f", "f'", "g", "h", "i", "j", "k", "l", "m", "n", "o",
          "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z");

  private static final List<Integer> STREAM_LENGTHS = List.of(1, 100, 10_000, 1_000_000);
  private static final long CACHE_BYTES = 256L << 20;
  private static final int CALLERS = 400;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      split = ",",
      description = "which rows, such as a,c,d or n,k1; all if none")
  private List<String> wanted = new ArrayList<>();

  @Option(
      names = "--before",
      paramLabel = "JAR",
      description =
          "compare with this build, a kontor-dev.jar, instead of the baseline; rows over HTTP only")
  private @Nullable Path before;

  @Option(
      names = "--jar",
      paramLabel = "JAR",
      defaultValue = "${sys:kontor.bench.jar:-dev/distribution/target/kontor-dev.jar}",
      description = "the build to measure (${DEFAULT-VALUE})")
  private Path jar = Path.of("");

  @Option(
      names = "--gateway",
      paramLabel = "JAR",
      defaultValue = "gateway/target/kontor-gateway.jar",
      description = "the gateway of the rows x (${DEFAULT-VALUE})")
  private Path gateway = Path.of("");

  @Option(
      names = "--option",
      paramLabel = "OPTION",
      description =
          "an option of the measured server's virtual machine, such as"
              + " --option=-XX:+UseCompactObjectHeaders; --before's has none")
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--accounts",
      defaultValue = "10000",
      description =
          "how many accounts the banks have, row z's ten times as many (${DEFAULT-VALUE})")
  private int accounts;

  @Option(
      names = "--turns",
      defaultValue = "8",
      description = "how often a row takes its turn (${DEFAULT-VALUE})")
  private int turns;

  @Option(names = "--slice", defaultValue = "3", description = "seconds a turn (${DEFAULT-VALUE})")
  private int slice;

  @Option(
      names = "--warm-up",
      defaultValue = "90",
      description = "seconds until a row's rate must be steady (${DEFAULT-VALUE})")
  private int warmUp;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "time of a row that takes no turns: g, h, i5, k, v (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--events",
      defaultValue = "1000000",
      description = "the history of the rows m, p, q and r, in events (${DEFAULT-VALUE})")
  private int events;

  @Option(
      names = "--growth",
      defaultValue = "10000000",
      description = "the history of row w, in events, ten for an account (${DEFAULT-VALUE})")
  private int growth;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "how many WebSockets row v opens, five for a user (${DEFAULT-VALUE})")
  private int connections;

  @Option(names = "--json", description = "write the figures to this file, too")
  private @Nullable Path json;

  private final ResultTable table = new ResultTable();

  public static void main(String[] arguments) {
    CliLogging.becomeQuiet();
    System.exit(commandLine().execute(arguments));
  }

  /** Wrong arguments are one line and exit code 2. */
  static CommandLine commandLine() {
    return new CommandLine(new BenchmarkCommand())
        .setParameterExceptionHandler(
            (wrong, arguments) -> {
              wrong.getCommandLine().getErr().println("bench: " + wrong.getMessage());
              return CommandLine.ExitCode.USAGE;
            });
  }

  @Override
  public Integer call() throws Exception {
    check();
    Path folder = Files.createTempDirectory("kontor-bench-");
    try {
      if (before == null) {
        measureAll(folder);
      } else {
        compareBuilds(folder, before);
      }
    } finally {
      delete(folder);
      report();
    }
    return 0;
  }

  /** Also after a row that failed: the rows before it took minutes each. */
  private void report() throws IOException {
    table.print(System.out);
    if (json != null) {
      table.writeTo(json);
    }
  }

  private void check() {
    List<String> unknown =
        wanted.stream().filter(key -> !KEYS.contains(key) && !isOfGroup(key)).toList();
    require(unknown.isEmpty(), "there is no row %s, only %s".formatted(unknown, KEYS));
    require(accounts > 1, "--accounts must be at least 2");
    require(turns > 0, "--turns must be at least 1");
    require(events > 0, "--events must be at least 1");
    require(growth >= 20, "--growth must be at least 20");
    require(connections >= NotificationBenchmark.DEVICES, "--connections must be at least 5");
    require(slice > 0, "--slice must be at least 1");
    require(seconds > 0, "--seconds must be at least 1");
    require(warmUp >= 0, "--warm-up must not be negative");
    if (before != null) {
      require(Files.isRegularFile(before), "there is no file " + before);
      List<String> others = wanted.stream().filter(key -> !isOfServers(key)).toList();
      require(others.isEmpty(), "--before compares servers over HTTP, not the rows " + others);
    }
    boolean startsServers =
        before != null
            || Stream.of("i", "n", "p", "s", "v", "x", "y", "z").anyMatch(this::isWanted)
            || !wantedHttpRows().isEmpty();
    require(
        !startsServers || Files.isRegularFile(jar),
        "there is no file %s: build it, or name one with --jar".formatted(jar));
    require(
        before != null || !isWanted("x") || Files.isRegularFile(gateway),
        "there is no file %s: build it, or name one with --gateway".formatted(gateway));
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
  }

  private Turns turns() {
    if (!ProcessTime.isKnown()) {
      System.err.println("bench: this operating system has no /proc: processor time is left out");
    }
    return new Turns(turns, Duration.ofSeconds(slice), Duration.ofSeconds(warmUp));
  }

  /** Both builds run all the time, each on its own database; one rests while the other works. */
  private void compareBuilds(Path folder, Path jarBefore) throws Exception {
    Turns alternating = turns();
    var earlier = new Build("before", jarBefore, List.of());
    var present = new Build("now", jar, options);
    try (var environment = new ServerEnvironment(folder)) {
      for (HttpRow.Data data : HttpRow.Data.values()) {
        List<HttpRow> rows = wantedHttpRows(data);
        if (!rows.isEmpty()) {
          var banks = new BankFactory(environment, folder, data);
          try (var one = banks.start(present);
              var other = banks.start(earlier)) {
            for (HttpRow row : rows) {
              announce(row.key(), row.what());
              var comparison = alternating.compare(row.on(one), row.on(other));
              add(row.key(), row.what(), comparison.one(), one);
              add(row.key() + " before", row.what(), comparison.other(), other);
            }
          }
        }
      }
      if (isWanted("s")) {
        announce("s", "start");
        var one = new StartBenchmark(environment, present, accounts);
        var other = new StartBenchmark(environment, earlier, accounts);
        var comparison = starting().compare(one, other);
        table.add("s", one.what(), comparison.one());
        table.add("s before", other.what(), comparison.other());
      }
    }
  }

  /** Starts banks that all have the same data. */
  private final class BankFactory {
    private final ServerEnvironment environment;
    private final @Nullable HistoryFile history;

    BankFactory(ServerEnvironment environment, Path folder, HttpRow.Data data)
        throws IOException, SQLException {
      this.environment = environment;
      Path file = folder.resolve(data.name().toLowerCase(Locale.ROOT) + ".ndjson.gz");
      history =
          switch (data) {
            case ACCOUNTS -> null;
            case HISTORY -> HistoryFile.write(environment, file, events, accounts);
            case GROWN -> HistoryFile.write(environment, file, growth, growth / 10);
          };
    }

    BankUnderLoad start(Build build) throws Exception {
      return history == null ? environment.bank(build, accounts) : environment.bank(build, history);
    }
  }

  private Turns starting() {
    return new Turns(
        Math.min(turns, StartBenchmark.MOST_TURNS), StartBenchmark.SLICE, Duration.ZERO);
  }

  private static void announce(String key, String what) {
    System.err.printf("bench: %s, %s ...%n", key, what);
  }

  private void add(String key, String what, Result result, BankUnderLoad bank) throws IOException {
    table.add(key, what, bank.notingMemory(result));
  }

  private void measureAll(Path folder) throws Exception {
    if (Stream.of("a", "b", "i", "n", "p", "s", "v", "x", "z").anyMatch(this::isWanted)
        || !wantedHttpRows().isEmpty()) {
      measureServers(folder.resolve("servers"));
    }
    if (isWanted("c") || isWanted("g")) {
      try (BenchmarkBank bank = BenchmarkBank.start(folder.resolve("bank"), CACHE_BYTES)) {
        measure(bank, inProcess(bank));
      }
    }
    if (isWanted("h")) {
      try (BenchmarkBank bank = BenchmarkBank.start(folder.resolve("cold"), 1)) {
        measure(bank, coldLoads(bank));
      }
    }
    if (isWanted("j")) {
      try (var jobs = new JobsBenchmark(folder.resolve("jobs"), turns())) {
        measure(jobs.rows());
      }
    }
    if (isWanted("k")) {
      try (var broker = EmbeddedKafkaBroker.start();
          BenchmarkBank bank = BenchmarkBank.start(folder.resolve("kafka"), CACHE_BYTES, broker)) {
        measure(bank, KafkaBenchmark.rows(bank, broker, warmUp));
      }
    }
    if (isWanted("l")) {
      try (var locks = new LockBenchmark(turns())) {
        measure(locks.rows());
      }
    }
    if (isWanted("t")) {
      try (var shares = new TenantShareBenchmark(turns())) {
        announce("t", "a tenant's share of the connections");
        shares.addTo(table);
      }
    }
    if (isWanted("u")) {
      try (var reads = new CachedReadsBenchmark(folder.resolve("reads"), accounts, turns())) {
        measure(reads.rows());
      }
    }
    if (isWanted("y")) {
      var build = new Build("now", jar, options);
      try (var viewed =
          new OverviewBenchmark(folder.resolve("overview"), build, accounts, turns())) {
        measure("y", viewed.row());
      }
    }
    if (isWanted("r")) {
      Path data = folder.resolve("rebuild");
      try (BenchmarkBank bank = BenchmarkBank.start(data, CACHE_BYTES)) {
        measure(bank, RebuildBenchmark.rows(bank, data, events));
      }
    }
  }

  private void measureServers(Path folder) throws Exception {
    Turns alternating = turns();
    var build = new Build("now", jar, options);
    try (var environment = new ServerEnvironment(folder);
        var yardstick = TpcBBaseline.on(environment.postgres())) {
      measure("a", Benchmark.of(yardstick.what(), time -> alternating.alone(yardstick)));
      if (isWanted("b")) {
        try (var stock = new AxonJdbcBaseline(environment.postgres())) {
          measure(
              "b", Benchmark.of(stock.what(), time -> alternating.compare(stock, yardstick).one()));
        }
      }
      for (HttpRow.Data data : HttpRow.Data.values()) {
        List<HttpRow> rows = wantedHttpRows(data);
        if (!rows.isEmpty()) {
          try (var bank = new BankFactory(environment, folder, data).start(build)) {
            for (HttpRow row : rows) {
              announce(row.key(), row.what());
              Result result = alternating.compare(row.on(bank), yardstick).one();
              add(row.key(), row.what(), result, bank);
            }
          }
        }
      }
      if (isWanted("s")) {
        var start = new StartBenchmark(environment, build, accounts);
        measure(
            "s", Benchmark.of(start.what(), time -> starting().compare(start, yardstick).one()));
      }
      if (Stream.of("p1", "p2", "p3").anyMatch(this::isWanted)) {
        try (var moves = new MoveBenchmark(environment, build, folder, events, accounts)) {
          measure(moves.rows());
        }
      }
      if (Stream.of("p4", "p5", "p6", "p7", "p8").anyMatch(this::isWanted)) {
        try (var placements = new PlacementBenchmark(environment, build, alternating)) {
          measure(placements.rows());
        }
      }
      if (isWanted("z")) {
        try (var days = new EndOfDayBenchmark(environment, build, folder, 10 * accounts)) {
          measure(days.rows());
        }
      }
      if (isWanted("i")) {
        try (var nodes = new CachingNodesBenchmark(environment, build, accounts, alternating)) {
          measure(nodes.rows());
        }
      }
      if (isWanted("x")) {
        announce("x", "the gateway beside other proxies");
        var program = new Build("gateway", gateway, options);
        try (var proxies =
            new GatewayBenchmark(environment, folder, build, program, accounts, alternating)) {
          proxies.addTo(table, this::isWanted);
        }
      }
      if (isWanted("v")) {
        try (var sockets = new NotificationBenchmark(environment, build, folder, connections)) {
          measure(sockets.rows());
        }
      }
      if (isWanted("n")) {
        try (var nodes =
            new NodeScalingBenchmark(environment, build, accounts, alternating, yardstick)) {
          measure(nodes.rows());
        }
      }
    }
  }

  private Map<String, Benchmark> inProcess(BenchmarkBank bank) throws Exception {
    List<AccountId> opened = bank.accounts(accounts);
    bank.catchUp();
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put(
        "c",
        Benchmark.of(
            "deposits in process, 400 callers, projections at rest",
            time -> besideTheBaseline(bank, opened)));
    rows.put("g", new ProjectionLagBenchmark(bank, opened));
    return rows;
  }

  private Result besideTheBaseline(BenchmarkBank bank, List<AccountId> opened) throws Exception {
    var postgres = bank.part(EmbeddedPostgres.class);
    try (var yardstick = TpcBBaseline.on(postgres)) {
      return bank.withoutProjections(
          () -> turns().compare(new InProcess(bank, opened, postgres), yardstick).one());
    }
  }

  /** Deposits by the command bus of this process, whose processor time includes the callers'. */
  private record InProcess(BenchmarkBank bank, List<AccountId> accounts, EmbeddedPostgres postgres)
      implements Load {
    @Override
    public String what() {
      return "deposits in process";
    }

    @Override
    public Slice run(Duration time, double perSecond) throws Exception {
      return Measurement.run(CALLERS, time, perSecond, (caller, n) -> deposit());
    }

    @Override
    public ProcessTime processes() {
      return new ProcessTime(List.of(ProcessHandle.current().pid()), postgres.processId());
    }

    private int deposit() {
      AccountId account = accounts.get(ThreadLocalRandom.current().nextInt(accounts.size()));
      bank.send(new Deposit(account, IdGenerator.next(), new Money(1, BenchmarkBank.EUR), ""));
      return 1;
    }
  }

  private static Map<String, Benchmark> coldLoads(BenchmarkBank bank) {
    var rows = new LinkedHashMap<String, Benchmark>();
    for (int length : STREAM_LENGTHS) {
      rows.put("h" + length, new ColdLoadBenchmark(bank, length));
    }
    return rows;
  }

  private void measure(BenchmarkBank bank, Map<String, Benchmark> rows) throws Exception {
    for (Map.Entry<String, Benchmark> row : rows.entrySet()) {
      measure(row.getKey(), row.getValue());
      if (!isOfGroup(row.getKey())) {
        bank.catchUp();
      }
    }
  }

  private void measure(Map<String, Benchmark> rows) throws Exception {
    for (Map.Entry<String, Benchmark> row : rows.entrySet()) {
      measure(row.getKey(), row.getValue());
    }
  }

  private void measure(String key, Benchmark row) throws Exception {
    if (isWanted(key)) {
      System.err.printf("bench: %s, %s ...%n", key, row.what());
      Result result = row.run(Duration.ofSeconds(seconds));
      table.add(key, row.what(), result);
    }
  }

  private List<HttpRow> wantedHttpRows() {
    return HttpRow.ROWS.stream().filter(row -> isWanted(row.key())).toList();
  }

  private List<HttpRow> wantedHttpRows(HttpRow.Data data) {
    return wantedHttpRows().stream().filter(row -> row.data() == data).toList();
  }

  private static boolean isOfServers(String key) {
    return key.equals("s")
        || HttpRow.ROWS.stream()
            .anyMatch(row -> key.equals(row.key()) || key.equals(group(row.key())));
  }

  /** Whether a row, its group, or any row of a group was requested. */
  private boolean isWanted(String key) {
    return wanted.isEmpty()
        || wanted.stream()
            .anyMatch(row -> row.equals(key) || row.equals(group(key)) || group(row).equals(key));
  }

  private static boolean isOfGroup(String key) {
    return key.matches("[hijklnpqruvwxz][0-9]+");
  }

  private static String group(String key) {
    return isOfGroup(key) ? key.substring(0, 1) : key;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package io.kontor.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Rows x: one node called directly, through nginx, HAProxy and the gateway, in turns. Rates are
 * those of clients that send their next request at once; latencies are those at one rate for all
 * ways, so that they can be compared. In the end, what a tenant notices of another that floods.
 */
final class GatewayBenchmark implements AutoCloseable {
  private static final String DATABASE = "gateway";
  private static final String FLOODING = "flooding";
  private static final int CONNECTIONS = 64;

  /**
   * So few that a minute's first requests, which are served, take less than a percent of a slice of
   * more than ten seconds.
   */
  private static final int FLOOD_LIMIT = 100;

  private static final double FLOOD_PER_SECOND = 1_000;

  /** Of the rate of the slowest way. */
  private static final double SHARE_FOR_LATENCIES = 0.4;

  private final Turns turns;
  private final int accounts;
  private final ServerProcess node;
  private final ServerProcess gateway;
  private final Map<String, Way> ways = new LinkedHashMap<>();
  private final HttpLoad flood;

  /** A way to the node; its proxy is null where the node is called directly. */
  private record Way(String name, @Nullable ServerProcess proxy, HttpLoad load)
      implements AutoCloseable {
    /** Of the proxy with its children. */
    OptionalDouble processorMillis() {
      return proxy == null
          ? OptionalDouble.of(0)
          : new ProcessTime(List.of(), proxy.process().pid()).millis();
    }

    @Override
    public void close() throws IOException, InterruptedException {
      load.close();
      if (proxy != null) {
        proxy.close();
      }
    }
  }

  GatewayBenchmark(
      ServerEnvironment environment,
      Path folder,
      Build build,
      Build gatewayBuild,
      int accounts,
      Turns turns)
      throws Exception {
    this.turns = turns;
    this.accounts = accounts;
    environment.createDatabase(DATABASE);
    node = environment.start(build, DATABASE, Map.of());
    environment.registerTenant(node);
    environment.registerTenant(node, FLOODING);
    Path settings = Files.createDirectories(folder.resolve("proxies"));
    add("directly", node.port(), null, environment);
    Proxies.nginx(settings, node.port())
        .ifPresent(nginx -> add("through nginx", nginx.port(), nginx, environment));
    Proxies.haproxy(settings, node.port())
        .ifPresent(haproxy -> add("through HAProxy", haproxy.port(), haproxy, environment));
    gateway =
        environment.startGateway(
            gatewayBuild,
            node.port(),
            Map.of(
                "KONTOR_LIMITS_TENANTS_" + FLOODING.toUpperCase(Locale.ROOT),
                Integer.toString(FLOOD_LIMIT)));
    add("through the gateway", gateway.port(), gateway, environment);
    List<String> opened = way("directly").load().open(accounts);
    for (Way way : ways.values()) {
      way.load().use(opened);
    }
    flood = new HttpLoad(List.of(gateway.port()), environment.teller(FLOODING));
  }

  private void add(
      String name, int port, @Nullable ServerProcess proxy, ServerEnvironment environment) {
    try {
      ways.put(name, new Way(name, proxy, new HttpLoad(List.of(port), environment.teller())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds rows, whose ratios are to nginx.
   *
   * @param isWanted whether a row is; those of one kind of request are measured together
   */
  void addTo(ResultTable table, Predicate<String> isWanted) throws Exception {
    int reads = 1;
    int deposits = reads + ways.size();
    int flooded = deposits + ways.size();
    if (rows(reads, deposits).anyMatch(isWanted)) {
      measure("account", "accounts by their ids", reads, table);
    }
    if (rows(deposits, flooded).anyMatch(isWanted)) {
      measure("deposit", "deposits", deposits, table);
    }
    if (rows(flooded, flooded + 2).anyMatch(isWanted)) {
      measureFlood(flooded, table);
    }
  }

  private static Stream<String> rows(int first, int end) {
    return IntStream.range(first, end).mapToObj(row -> "x" + row);
  }

  private void measure(String kind, String what, int firstRow, ResultTable table) throws Exception {
    double slowest = Double.MAX_VALUE;
    for (Way way : ways.values()) {
      WarmUp.run(load(way, kind), turns.slice(), turns.warmUpLimit());
      slowest = Math.min(slowest, slice(way, kind, 0).perSecond());
    }
    double rate = slowest * SHARE_FOR_LATENCIES;
    Map<String, Samples> samples = new LinkedHashMap<>();
    for (int turn = 1; turn <= turns.count(); turn++) {
      List<Way> order = new ArrayList<>(ways.values());
      // Who begins changes, so that a steady drift of the machine's speed cancels out.
      Collections.rotate(order, turn);
      for (Way way : order) {
        samples.computeIfAbsent(way.name(), _ -> new Samples()).add(way, kind, rate);
      }
      System.err.printf("bench:   turn %d of %d%n", turn, turns.count());
    }
    Samples direct = Objects.requireNonNull(samples.get("directly"));
    Samples nginx = samples.get("through nginx");
    int row = firstRow;
    for (String name : ways.keySet()) {
      Samples one = Objects.requireNonNull(samples.get(name));
      table.add("x" + row++, what + " " + name, one.result(rate, direct, nginx));
    }
  }

  private Load load(Way way, String kind) {
    return new Load() {
      @Override
      public String what() {
        return way.name();
      }

      @Override
      public Slice run(Duration time, double perSecond) throws IOException {
        return way.load().run(kind, accounts, CONNECTIONS, time, perSecond);
      }

      @Override
      public ProcessTime processes() {
        return ProcessTime.UNKNOWN;
      }
    };
  }

  private Slice slice(Way way, String kind, double perSecond) throws IOException {
    return way.load().run(kind, accounts, CONNECTIONS, turns.slice(), perSecond);
  }

  /** Reads of one tenant at a rate, while another one sends many times what it may. */
  private void measureFlood(int row, ResultTable table) throws Exception {
    Way way = way("through the gateway");
    WarmUp.run(load(way, "account"), turns.slice(), turns.warmUpLimit());
    double rate = slice(way, "account", 0).perSecond() / 10;
    // Refusals have code of their own.
    for (long begun = System.nanoTime();
        System.nanoTime() - begun < turns.warmUpLimit().toNanos(); ) {
      besideTheFlood(way, rate);
    }
    var alone = new Histogram(3);
    var beside = new Histogram(3);
    List<Double> ratios = new ArrayList<>();
    for (int turn = 1; turn <= turns.count(); turn++) {
      Histogram calm = slice(way, "account", rate).nanos();
      Histogram flooded = besideTheFlood(way, rate);
      alone.add(calm);
      beside.add(flooded);
      ratios.add(flooded.getValueAtPercentile(99) / (double) calm.getValueAtPercentile(99));
      System.err.printf("bench:   turn %d of %d%n", turn, turns.count());
    }
    Ratio ratio = Ratio.of(ratios);
    table.add("x" + row, "a tenant's reads through the gateway", Result.of(rate, alone));
    table.add(
        "x" + (row + 1),
        "the same while another tenant, which may make %d requests a minute, sends %.0f a second"
            .formatted(FLOOD_LIMIT, FLOOD_PER_SECOND),
        Result.of(rate, beside)
            .noting(
                String.format(
                    Locale.ROOT,
                    "p99 %.2f times that without, %.2f to %.2f",
                    ratio.median(),
                    ratio.smallest(),
                    ratio.largest())));
  }

  private Histogram besideTheFlood(Way way, double rate) throws Exception {
    Thread flooding =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    flood.run("flood", 1, CONNECTIONS, turns.slice(), FLOOD_PER_SECOND);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    Histogram nanos = slice(way, "account", rate).nanos();
    flooding.join();
    return nanos;
  }

  private Way way(String name) {
    return Objects.requireNonNull(ways.get(name));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    flood.close();
    for (Way way : ways.values()) {
      way.close();
    }
    node.close();
  }

  /** The slices of one way. */
  private final class Samples {
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> p50s = new ArrayList<>();
    private final List<Double> p99s = new ArrayList<>();
    private final Histogram nanos = new Histogram(3);
    private double processorMillis;
    private long operations;

    void add(Way way, String kind, double rate) throws IOException {
      double before = way.processorMillis().orElse(0);
      Slice full = slice(way, kind, 0);
      processorMillis += way.processorMillis().orElse(0) - before;
      operations += full.operations();
      rates.add(full.perSecond());
      Histogram timed = slice(way, kind, rate).nanos();
      nanos.add(timed);
      p50s.add(timed.getValueAtPercentile(50) / 1e6);
      p99s.add(timed.getValueAtPercentile(99) / 1e6);
    }

    Result result(double rate, Samples direct, @Nullable Samples nginx) {
      double perSecond = rates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      var result =
          Result.of(perSecond, nanos)
              .withCpu(operations == 0 ? null : processorMillis / operations)
              .noting(
                  String.format(
                      Locale.ROOT,
                      "latencies at %.0f/s; p50 %+.3f ms, p99 %+.3f ms to those of direct calls",
                      rate,
                      added(p50s, direct.p50s),
                      added(p99s, direct.p99s)));
      return nginx == null ? result : result.with(ratio(nginx));
    }

    private Ratio ratio(Samples to) {
      List<Double> ratios = new ArrayList<>();
      for (int turn = 0; turn < rates.size(); turn++) {
        ratios.add(rates.get(turn) / to.rates.get(turn));
      }
      return Ratio.of(ratios);
    }

    /** The median of the differences of each turn. */
    private static double added(List<Double> to, List<Double> from) {
      List<Double> differences = new ArrayList<>();
      for (int turn = 0; turn < to.size(); turn++) {
        differences.add(to.get(turn) - from.get(turn));
      }
      return Ratio.of(differences).median();
    }
  }
}

package io.kontor.benchmarks;

import io.kontor.embeddedredis.EmbeddedRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Rows i: accounts by their ids over HTTP, from four nodes on one database that differ in where
 * they keep copies of rows, and with one of three Redis servers killed in the middle.
 */
final class CachingNodesBenchmark implements AutoCloseable {
  private static final int CONNECTIONS = 64;
  private static final int SERVERS = 3;
  private static final int LEAST_SECONDS = 10;
  private static final String DATABASE = "copies";

  /** PostgreSQL has a hundred for all nodes. */
  private static final Map<String, String> FEW_CONNECTIONS =
      Map.of("KONTOR_DB_APP_POOLSIZE", "8", "KONTOR_DB_WORKER_POOLSIZE", "8");

  private static final Duration LONGEST_LAG = Duration.ofMinutes(2);
  private static final Duration INTO_THE_SECOND = Duration.ofMillis(300);

  private final ServerEnvironment environment;
  private final int accounts;
  private final Turns turns;
  private final List<EmbeddedRedis> servers = new ArrayList<>();
  private final Map<Copies, Node> nodes = new EnumMap<>(Copies.class);

  private record Node(ServerProcess server, HttpLoad load) {}

  CachingNodesBenchmark(ServerEnvironment environment, Build build, int accounts, Turns turns)
      throws Exception {
    this.environment = environment;
    this.accounts = accounts;
    this.turns = turns;
    for (int n = 0; n < SERVERS; n++) {
      servers.add(EmbeddedRedis.start());
    }
    environment.createDatabase(DATABASE);
    for (Copies copies : Copies.values()) {
      Map<String, String> settings = new HashMap<>(copies.environment(servers));
      settings.putAll(FEW_CONNECTIONS);
      ServerProcess server = environment.start(build, DATABASE, settings);
      var load = new HttpLoad(List.of(server.port()), environment.teller());
      nodes.put(copies, new Node(server, load));
    }
    Node first = node(Copies.NONE);
    environment.registerTenant(first.server());
    List<String> opened = first.load().open(accounts);
    awaitReadable(first.server(), opened);
    for (Node node : nodes.values()) {
      node.load().use(opened);
    }
  }

  /** The rows, whose ratios are to the first. */
  Map<String, Benchmark> rows() {
    DatabaseShare none = reads(Copies.NONE);
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put("i1", Benchmark.of(none.what(), time -> none.noted(turns.alone(none))));
    for (Copies copies : List.of(Copies.NEAR, Copies.REDIS, Copies.BOTH)) {
      DatabaseShare reads = reads(copies);
      rows.put(
          "i" + (rows.size() + 1),
          Benchmark.of(reads.what(), time -> reads.noted(turns.compare(reads, none).one())));
    }
    rows.put(
        "i5",
        Benchmark.of(
            "the same with copies on three Redis servers, at half the rate; one is killed in the"
                + " middle",
            this::whileAServerIsKilled));
    return rows;
  }

  private DatabaseShare reads(Copies copies) {
    Node node = node(copies);
    List<Long> processes = new ArrayList<>(copies.processes(servers));
    processes.add(node.server().process().pid());
    long postmaster = environment.postgres().processId();
    return new DatabaseShare(
        new Reads(
            "accounts by their ids over HTTP, " + copies.text(),
            node.load(),
            accounts,
            new ProcessTime(processes, postmaster)),
        postmaster);
  }

  private record Reads(String what, HttpLoad load, int accounts, ProcessTime processes)
      implements Load {
    @Override
    public Slice run(Duration time, double perSecond) throws IOException {
      return load.run("untouched-account", accounts, CONNECTIONS, time, perSecond);
    }
  }

  /** An answer that is wrong or an error ends the load generator, and with it the benchmark. */
  private Result whileAServerIsKilled(Duration time) throws Exception {
    Load reads = reads(Copies.REDIS);
    EmbeddedRedis victim = servers.getFirst();
    int seconds = Math.max(LEAST_SECONDS, (int) time.toSeconds());
    double perSecond = reads.run(Duration.ofSeconds(3), 0).perSecond() / 2;
    var all = new Histogram(3);
    List<Double> p99s = new ArrayList<>();
    double operations = 0;
    try {
      for (int second = 0; second < seconds; second++) {
        if (second == seconds / 2) {
          kill(victim);
        }
        Slice slice = reads.run(Duration.ofSeconds(1), perSecond);
        operations += slice.operations();
        all.add(slice.nanos());
        p99s.add(slice.nanos().getValueAtPercentile(99) / 1e6);
      }
    } finally {
      victim.kill();
      victim.restart();
    }
    List<Double> sorted = p99s.stream().sorted().toList();
    return Result.of(operations / seconds, all)
        .noting(
            String.format(
                Locale.ROOT,
                "%d answers, all right; p99 of the worst second %.1f ms, of the median second %.1f"
                    + " ms",
                (long) operations,
                sorted.getLast(),
                sorted.get(sorted.size() / 2)));
  }

  private static void kill(EmbeddedRedis victim) {
    Thread.startVirtualThread(
        () -> {
          try {
            TimeUnit.NANOSECONDS.sleep(INTO_THE_SECOND.toNanos());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          victim.kill();
        });
  }

  /** The projections follow what the load generator has opened. */
  private void awaitReadable(ServerProcess server, List<String> opened)
      throws IOException, InterruptedException {
    String headers = "Authorization: Bearer " + environment.teller() + "\r\n";
    long end = System.nanoTime() + LONGEST_LAG.toNanos();
    try (var connection = new HttpConnection(server.port())) {
      for (String account : opened) {
        while (!connection
            .get("/v1/accounts/" + account, headers)
            .body()
            .contains(LoadGenerator.OPENED_WITH)) {
          if (System.nanoTime() > end) {
            throw new IOException("the projections did not follow");
          }
          TimeUnit.MILLISECONDS.sleep(10);
        }
      }
    }
  }

  private Node node(Copies copies) {
    return Objects.requireNonNull(nodes.get(copies));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Node node : nodes.values()) {
      node.load().close();
      node.server().close();
    }
    servers.forEach(EmbeddedRedis::close);
  }
}

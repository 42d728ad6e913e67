package io.kontor.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Row n: one, two and three nodes, each a process with all roles, on one database and one machine.
 * The load is spread evenly over the nodes: on many accounts, and on one hot account, with routing
 * and without. A 503 is retried, as a client would.
 */
final class NodeScalingBenchmark implements AutoCloseable {
  private static final int MOST = 3;
  private static final int CONNECTIONS = 64;
  private static final Duration UNTIL_ALL_SEE_ALL = Duration.ofSeconds(2);
  private static final String DATABASE = "nodes";
  private static final String SECRET = "a benchmark's nodes know each other by it";

  private final ServerEnvironment environment;
  private final Build build;
  private final int accounts;
  private final Turns turns;
  private final Load yardstick;
  private final List<ServerProcess> running = new ArrayList<>();
  private boolean routed = true;

  NodeScalingBenchmark(
      ServerEnvironment environment, Build build, int accounts, Turns turns, Load yardstick)
      throws Exception {
    this.environment = environment;
    this.build = build;
    this.accounts = accounts;
    this.turns = turns;
    this.yardstick = yardstick;
    environment.createDatabase(DATABASE);
  }

  /**
   * The rows in the order in which they must run: nodes are added, then all restart without
   * routing.
   */
  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    for (int nodes = 1; nodes <= MOST; nodes++) {
      rows.put("n" + (rows.size() + 1), row(nodes, "all accounts", accounts, true));
      rows.put("n" + (rows.size() + 1), row(nodes, "one hot account", 1, true));
    }
    for (int nodes = 2; nodes <= MOST; nodes++) {
      rows.put("n" + (rows.size() + 1), row(nodes, "one hot account, no routing", 1, false));
    }
    return rows;
  }

  private Benchmark row(int nodes, String what, int among, boolean routing) {
    String text = "deposits over HTTP, %d node%s, %s".formatted(nodes, nodes == 1 ? "" : "s", what);
    return Benchmark.of(
        text,
        time -> {
          ensureRunning(nodes, routing);
          try (HttpLoad load = load()) {
            var processes =
                new ProcessTime(
                    running.stream().map(node -> node.process().pid()).toList(),
                    environment.postgres().processId());
            return turns.compare(new OnNodes(text, load, among, processes), yardstick).one();
          }
        });
  }

  private record OnNodes(String what, HttpLoad load, int accounts, ProcessTime processes)
      implements Load {
    @Override
    public Slice run(Duration time, double perSecond) throws IOException {
      return load.run("deposit-until-taken", accounts, CONNECTIONS, time, perSecond);
    }
  }

  private void ensureRunning(int nodes, boolean routing) throws Exception {
    if (routed != routing) {
      stopAll();
      routed = routing;
    }
    Map<String, String> settings = routing ? Map.of("KONTOR_CLUSTER_SECRET", SECRET) : Map.of();
    while (running.size() < nodes) {
      running.add(environment.start(build, DATABASE, settings));
      environment.registerTenant(running.getFirst());
    }
    TimeUnit.NANOSECONDS.sleep(UNTIL_ALL_SEE_ALL.toNanos());
  }

  private HttpLoad load() throws IOException {
    var load =
        new HttpLoad(running.stream().map(ServerProcess::port).toList(), environment.teller());
    load.open(accounts);
    return load;
  }

  private void stopAll() throws InterruptedException {
    for (ServerProcess node : running) {
      node.close();
    }
    running.clear();
  }

  @Override
  public void close() throws InterruptedException {
    stopAll();
  }
}

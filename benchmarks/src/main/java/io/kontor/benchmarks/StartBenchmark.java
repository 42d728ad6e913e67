package io.kontor.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A server from its start: the operations that it serves in the slice after it became ready. The
 * latency is the time from the start of the process to the first answered request.
 */
final class StartBenchmark implements Load {
  /** The time after the start that counts. */
  static final Duration SLICE = Duration.ofSeconds(20);

  /** A start and its slice take half a minute. */
  static final int MOST_TURNS = 3;

  private static final int CONNECTIONS = 64;

  private final ServerEnvironment environment;
  private final Build build;
  private final String database;
  private final List<String> accounts;

  /** Prepares a database with accounts by a server that is stopped again. */
  StartBenchmark(ServerEnvironment environment, Build build, int accounts) throws Exception {
    this.environment = environment;
    this.build = build;
    this.database = build.name() + "_start";
    environment.createDatabase(database);
    try (ServerProcess server = environment.start(build, database, Map.of());
        var load = new HttpLoad(List.of(server.port()), environment.teller())) {
      environment.registerTenant(server);
      this.accounts = load.open(accounts);
    }
  }

  @Override
  public String what() {
    return "deposits in the first 20 s after the start; p50 is the time to the first answer";
  }

  @Override
  public Slice run(Duration time, double perSecond) throws Exception {
    int port = ServerEnvironment.freePort();
    try (var load = new HttpLoad(List.of(port), environment.teller())) {
      load.use(accounts);
      long begun = System.nanoTime();
      try (ServerProcess _ = environment.start(build, database, port, Map.of())) {
        var untilReady = new Histogram(3);
        untilReady.recordValue(System.nanoTime() - begun);
        Slice slice = load.run("deposit", accounts.size(), CONNECTIONS, time, perSecond);
        return new Slice(slice.perSecond(), slice.operations(), untilReady);
      }
    }
  }

  /** Unknown: each slice's server is gone when it ends. */
  @Override
  public ProcessTime processes() {
    return ProcessTime.UNKNOWN;
  }
}

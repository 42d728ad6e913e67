package io.kontor.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Row y: deposits over HTTP while fifty people have the console's overview open, beside the same
 * without them. The bank has its embedded PostgreSQL, with people to sign in as.
 */
final class OverviewBenchmark implements AutoCloseable {
  private static final int VIEWERS = 50;
  private static final int CONNECTIONS = 64;

  private final ServerProcess server;
  private final HttpLoad generator;
  private final ProcessTime processes;
  private final Turns turns;

  OverviewBenchmark(Path folder, Build build, int accounts, Turns turns)
      throws IOException, InterruptedException {
    this.turns = turns;
    Files.createDirectories(folder);
    Path data = folder.resolve("data");
    int port = ServerEnvironment.freePort();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    server =
        ServerProcess.start(
            List.of(
                java,
                "-Xmx1g",
                "-XX:+UseG1GC",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                build.unpackedIn(folder).toString(),
                "run"),
            port,
            Map.of(
                "SPRING_PROFILES_ACTIVE",
                "embedded",
                "SERVER_PORT",
                Integer.toString(port),
                "KONTOR_DATA_DIR",
                data.toString()),
            folder.resolve("server.log"));
    long postmaster =
        Long.parseLong(
            Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst().strip());
    processes = new ProcessTime(List.of(server.process().pid()), postmaster);
    generator = new HttpLoad(List.of(port), null);
    generator.open(accounts);
  }

  /** The ratio is that of the rates with viewers to those without. */
  Benchmark row() throws IOException, InterruptedException {
    var deposits = new Deposits();
    var viewed = new OverviewViewers(deposits, VIEWERS, server.port());
    return Benchmark.of(
        viewed.what(),
        time -> {
          var comparison = turns.compare(viewed, deposits);
          return comparison
              .one()
              .noting(
                  String.format(
                      Locale.ROOT,
                      "%s; without viewers %.0f/s, %.3f cpu ms/op",
                      comparison.one().note(),
                      comparison.other().perSecond(),
                      comparison.other().cpuMsPerOp()));
        });
  }

  private final class Deposits implements Load {
    @Override
    public String what() {
      return "deposits over HTTP";
    }

    @Override
    public Slice run(Duration time, double perSecond) throws IOException {
      return generator.run("deposit", Integer.MAX_VALUE, CONNECTIONS, time, perSecond);
    }

    @Override
    public ProcessTime processes() {
      return processes;
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    generator.close();
    server.close();
  }
}

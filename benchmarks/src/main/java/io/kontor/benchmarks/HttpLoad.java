package io.kontor.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Load over HTTP, from a separate process on the same machine.
 *
 * @param ports of the nodes, which the connections are spread over
 * @param token null when the node issues one itself
 */
record HttpLoad(
    List<Integer> ports,
    String kind,
    List<String> accounts,
    int connections,
    @Nullable String token) {
  private static final int PER_BULK = 500;

  HttpLoad(int port, String kind, List<String> accounts, int connections) {
    this(List.of(port), kind, accounts, connections, null);
  }

  Measurement.Result closedLoop(Duration time) throws IOException, InterruptedException {
    return run(time, 0);
  }

  /**
   * Measures the maximum rate, then the latencies at half of it, where queueing does not dominate.
   */
  Measurement.Result thenAtHalfRate(Duration time) throws IOException, InterruptedException {
    Measurement.Result full = run(time, 0);
    Measurement.Result half = run(time, full.perSecond() / 2);
    return new Measurement.Result(
        full.perSecond(),
        half.p50Ms(),
        half.p99Ms(),
        "times at half the maximum rate; at the maximum p99 %.1f ms".formatted(full.p99Ms()));
  }

  private Measurement.Result run(Duration time, double perSecond)
      throws IOException, InterruptedException {
    var program =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LoadGenerator.class.getName(),
            ports.stream().map(String::valueOf).collect(Collectors.joining(",")),
            kind,
            Integer.toString(connections),
            Long.toString(time.toMillis()),
            Double.toString(perSecond),
            Integer.toString(PER_BULK));
    if (token != null) {
      program.environment().put(LoadGenerator.TOKEN, token);
    }
    program.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = program.start();
    try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
      for (String account : accounts) {
        input.write(account);
        input.write('\n');
      }
    }
    @Nullable String last = null;
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        last = line;
      }
    }
    if (process.waitFor() != 0 || last == null) {
      throw new IOException("the load generator failed");
    }
    List<Double> figures = Arrays.stream(last.split(" ", -1)).map(Double::valueOf).toList();
    return new Measurement.Result(figures.get(0), figures.get(1), figures.get(2), "");
  }
}

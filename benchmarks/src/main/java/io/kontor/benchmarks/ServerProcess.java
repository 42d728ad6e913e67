package io.kontor.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node in a process of its own.
 *
 * @param log the file with what it prints
 */
record ServerProcess(Process process, int port, Path log) implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  /**
   * Starts it and waits until it is ready.
   *
   * @param program the program with its arguments
   * @param settings environment variables
   * @throws IllegalStateException when it does not start, with what it printed
   */
  static ServerProcess start(List<String> program, int port, Map<String, String> settings, Path log)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(program);
    builder.environment().putAll(settings);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    var server = new ServerProcess(builder.start(), port, log);
    Runtime.getRuntime().addShutdownHook(new Thread(server.process()::destroy, "stop-server"));
    server.awaitReady();
    return server;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try (var connection = new HttpConnection(port)) {
        if (connection.get("/actuator/health/readiness", "").status() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // still starting
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    close();
    throw new IllegalStateException("the server did not start:\n" + Files.readString(log));
  }

  /** A result with the process's memory at its peak in its note; 0 where it is not known. */
  Result notingMemory(Result result) throws IOException {
    long megabytes = ProcessMemory.peakMegabytes(process.pid());
    return result.noting("%s; server's memory %d MB at most".formatted(result.note(), megabytes));
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}

package io.kontor.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The server process of a data folder, which survives a JVM that is killed. */
final class Postmaster {
  private static final long FAST_SECONDS = 30;
  private static final long IMMEDIATE_SECONDS = 10;

  private final Path data;

  Postmaster(Path data) {
    this.data = data;
  }

  /** Stops the server if it runs: fast (with a checkpoint), or else immediately. */
  void stop() throws IOException, InterruptedException {
    Optional<ProcessHandle> running = find();
    if (running.isEmpty() || ended(running.get(), "INT", FAST_SECONDS)) {
      return;
    }
    if (!ended(running.get(), "QUIT", IMMEDIATE_SECONDS)) {
      throw new IOException(
          "PostgreSQL (process %d) in %s does not stop".formatted(running.get().pid(), data));
    }
  }

  /** The running server's process. */
  Optional<ProcessHandle> find() throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
    return ProcessHandle.of(pid).filter(Postmaster::isPostgres);
  }

  /** Whether it is PostgreSQL: another program may have the recorded process id by now. */
  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(Path::of).stream()
        .anyMatch(command -> command.getFileName().toString().startsWith("postgres"));
  }

  private static boolean ended(ProcessHandle process, String signal, long seconds)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }
}

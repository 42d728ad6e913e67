package io.kontor.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The bank, or a gateway in front of it, as a program of its own, which can be killed and started
 * again on its folder.
 */
final class BankProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final long STOP_LIMIT_SECONDS = 60;
  private static final String PORT = "SERVER_PORT";

  /** Its libraries would change the bank's contexts if they were on the tests' class path. */
  private static final Path GATEWAY = Path.of("../gateway/target");

  private final Path log;
  private final int port;
  private final Process process;

  private BankProcess(
      Path folder, String classPath, List<String> mainClass, Map<String, String> settings)
      throws IOException {
    log = Files.createTempFile(folder, "kontor-", ".log");
    port = settings.containsKey(PORT) ? Integer.parseInt(settings.get(PORT)) : freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It serves for seconds, and several may start on few cores.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
    command.addAll(mainClass);
    var program = new ProcessBuilder(command);
    program.environment().put("SPRING_PROFILES_ACTIVE", "embedded");
    program.environment().put("KONTOR_DATA_DIR", folder.resolve("data").toString());
    program.environment().put(PORT, Integer.toString(port));
    program.environment().putAll(settings);
    program.redirectErrorStream(true).redirectOutput(log.toFile());
    process = program.start();
  }

  /** Starts the program, which may refuse to run. */
  static BankProcess launch(Path folder) {
    return launch(folder, Map.of());
  }

  static BankProcess launch(Path folder, Map<String, String> settings) {
    return launch(folder, KontorCommandLine.class, settings);
  }

  /** Starts the program with a clock that {@link #setClock} steps. */
  static BankProcess launchWithClock(Path folder, Map<String, String> settings) {
    return launch(folder, SteppedKontor.class, settings);
  }

  /** Starts a gateway, which has no embedded profile. */
  static BankProcess launchGateway(Path folder, Map<String, String> settings) {
    try {
      Map<String, String> environment = new HashMap<>(settings);
      environment.putIfAbsent("SPRING_PROFILES_ACTIVE", "");
      return new BankProcess(
          folder,
          GATEWAY.resolve("classes")
              + File.pathSeparator
              + Files.readString(GATEWAY.resolve("class-path")).strip(),
          List.of("io.kontor.gateway.GatewayApplication"),
          environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BankProcess launch(Path folder, Class<?> mainClass, Map<String, String> settings) {
    try {
      return new BankProcess(
          folder,
          System.getProperty("java.class.path"),
          List.of(mainClass.getName(), "run"),
          settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the program and waits for its first response. */
  static BankProcess start(Path folder) {
    return start(folder, Map.of());
  }

  /** The same, configured by environment variables. */
  static BankProcess start(Path folder, Map<String, String> settings) {
    return launch(folder, settings).awaitReady();
  }

  /** Waits until the program is ready to serve. */
  BankProcess awaitReady() {
    try {
      Awaitility.await()
          .atMost(START_LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || isAnswering());
    } catch (ConditionTimeoutException late) {
      close();
      throw new AssertionError("no answer from the bank:\n" + output(), late);
    }
    if (!process.isAlive()) {
      throw new AssertionError("the bank ended:\n" + output());
    }
    return this;
  }

  int port() {
    return port;
  }

  /** Where it can be called. */
  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  BankClient anyone() {
    return BankClient.anyone(port);
  }

  /** As Ctrl-C and {@code kill} do. */
  void askToStop() {
    process.destroy();
  }

  /** As {@code kill -9} and a power cut do: nothing in the program notices. */
  void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** Freezes the program like a paused machine: its connections stay open. */
  void freeze() {
    signal("-STOP");
  }

  /** Lets a frozen program go on where it was. */
  void thaw() {
    signal("-CONT");
  }

  /** The clock of a program that was launched with one is off by so much from now on. */
  void setClock(Duration ahead) {
    try {
      process.outputWriter(StandardCharsets.UTF_8).append(ahead + "\n").flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether all of its health indicators are up. */
  boolean isHealthy() {
    try {
      return anyone().get("/actuator/health").status() == 200;
    } catch (UncheckedIOException noAnswer) {
      return false;
    }
  }

  private void signal(String signal) {
    signal(signal, process.toHandle());
  }

  private static void signal(String signal, ProcessHandle process) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int exitCode() {
    try {
      if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the bank does not stop:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The program's output so far. */
  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The database server of a folder, which outlives a killed bank. */
  static Optional<ProcessHandle> postgres(Path folder) {
    try {
      Path pid = pidFile(folder);
      return Files.exists(pid)
          ? ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Freezes the database server of a folder: its connections stay open without a response.
   *
   * @return what to run to let it go on
   */
  static Runnable freezePostgres(Path folder) {
    ProcessHandle server = postgres(folder).orElseThrow();
    // First the one that would start others.
    signal("-STOP", server);
    List<ProcessHandle> all = Stream.concat(Stream.of(server), server.children()).toList();
    all.forEach(one -> signal("-STOP", one));
    return () -> all.forEach(one -> signal("-CONT", one));
  }

  /** Ends the program; the database of one that was killed is left to the next on the folder. */
  @Override
  public void close() {
    if (process.isAlive()) {
      askToStop();
      exitCode();
    }
  }

  /** Ends the database that a killed program left behind, when no other was started. */
  static void stopPostgres(Path folder) {
    postgres(folder)
        .ifPresent(
            left -> {
              List<ProcessHandle> all = Stream.concat(Stream.of(left), left.children()).toList();
              left.destroyForcibly();
              // The others end with it, or they would still write.
              all.forEach(one -> one.onExit().join());
              pidFile(folder).toFile().delete();
            });
  }

  private static Path pidFile(Path folder) {
    return folder.resolve("data/postgres/postmaster.pid");
  }

  private boolean isAnswering() {
    try {
      return anyone().get("/actuator/health/readiness").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

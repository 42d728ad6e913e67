package io.kontor.dev.training;

import io.kontor.database.DatabaseLogin;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.TestDatabase;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/** The release, in a process that records what it does for an AOT cache. */
final class TrainedProgram implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  /** A limit of requests in a minute, counted and never reached. */
  private static final String UNREACHED = "1000000000";

  private static final String LOG = "kontor.log";
  private static final String CACHE = "kontor.aot";
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Includes the assembly of the cache, which is done at the end of the recorded process. */
  private static final Duration STOP_LIMIT = Duration.ofMinutes(5);

  private final int port;
  private final Path folder;
  private final Process process;

  private TrainedProgram(int port, Path folder, Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /**
   * @param options a file of JVM options
   * @param parent where its log and cache are kept, in a folder that is deleted at the end
   */
  static TrainedProgram start(
      Path release, Path options, Path parent, Map<String, String> environment) throws IOException {
    int port = freePort();
    Path folder = Files.createTempDirectory(parent, "training-");
    var program =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + options,
                "-XX:AOTCacheOutput=" + folder.resolve(CACHE),
                "-jar",
                release.toString(),
                "run"));
    program.environment().keySet().removeIf(TrainedProgram::configuresAnother);
    program.environment().putAll(environment);
    program.environment().put("SERVER_ADDRESS", "127.0.0.1");
    program.environment().put("SERVER_PORT", Integer.toString(port));
    program.redirectErrorStream(true).redirectOutput(folder.resolve(LOG).toFile());
    var started = new TrainedProgram(port, folder, program.start());
    Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-training"));
    return started;
  }

  /** What a release needs beside its port. */
  static Map<String, String> environment(
      TestDatabase database, Issuer issuer, CounterpartySimulator outside) {
    return Map.of(
        "KONTOR_DB_URL", database.jdbcUrl(),
        "KONTOR_DB_OWNER_PASSWORD", database.password(DatabaseLogin.OWNER),
        "KONTOR_DB_APP_PASSWORD", database.password(DatabaseLogin.APP),
        "KONTOR_DB_WORKER_PASSWORD", database.password(DatabaseLogin.WORKER),
        "KONTOR_MASTER_KEY", MasterKeys.generate(),
        "KONTOR_LIMITS_USER", UNREACHED,
        "KONTOR_LIMITS_TENANT", UNREACHED,
        "KONTOR_CARRIER_URL", outside.carrier().toString(),
        "KONTOR_CLEARING_URL", outside.clearing().toString(),
        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI", issuer.keys());
  }

  int port() {
    return port;
  }

  void awaitReady() throws IOException, InterruptedException {
    URI readiness = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!isReady(http, readiness)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "the program does not start:\n" + Files.readString(folder.resolve(LOG)));
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /** Asks it to stop and waits until its cache is written; returns where. */
  Path stop() throws IOException, InterruptedException {
    Path cache = folder.resolve(CACHE);
    process.destroy();
    boolean ended = process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!ended || Files.notExists(cache)) {
      throw new IOException("the program left no cache:\n" + Files.readString(folder.resolve(LOG)));
    }
    return cache;
  }

  /** Ends it, and what assembles its cache, at once. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isReady(HttpClient http, URI readiness) throws InterruptedException {
    try {
      return http.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Settings of the bank that the caller runs. */
  private static boolean configuresAnother(String variable) {
    return variable.startsWith("KONTOR_")
        || variable.startsWith("SPRING_")
        || variable.startsWith("SERVER_")
        || variable.startsWith("MANAGEMENT_");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

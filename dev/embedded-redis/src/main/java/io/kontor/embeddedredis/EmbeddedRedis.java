package io.kontor.embeddedredis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis server in a process of its own on a free port of the loopback interface. It keeps nothing
 * on disk: after {@link #kill} and {@link #restart} it is empty.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Duration TIME_TO_START = Duration.ofSeconds(30);

  /**
   * Below the ports that systems give to connections, which could take that of a killed server, and
   * so that 10,000 more is a port, too: a cluster's servers talk on it.
   */
  private static final int LOWEST_PORT = 12_000;

  private static final int HIGHEST_PORT = 22_000;
  private static final int ATTEMPTS = 100;

  private final int port;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> settings;
  private Process process;

  private EmbeddedRedis(Map<String, String> environment, List<String> settings) {
    this.environment = Map.copyOf(environment);
    try {
      this.port = freePort();
      this.folder = Files.createTempDirectory("kontor-redis-");
      this.settings = List.copyOf(settings);
      this.process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a server; it ends with this JVM.
   *
   * @param settings further command line settings, such as {@code --requirepass secret}
   * @throws IllegalStateException if it does not accept connections in time
   */
  public static EmbeddedRedis start(String... settings) {
    return start(Map.of(), settings);
  }

  /** The same, with environment variables for the process. */
  public static EmbeddedRedis start(Map<String, String> environment, String... settings) {
    var server = new EmbeddedRedis(environment, List.of(settings));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-redis"));
    return server;
  }

  /** Host and port, whether it runs or not. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** The process that runs it; another one after {@link #restart}. */
  public long processId() {
    return process.pid();
  }

  /** Ends the process with SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Suspends the process with SIGSTOP: connections stay open and nothing answers. */
  public void pause() {
    signal("STOP");
  }

  /** Lets a suspended process go on. */
  public void resume() {
    signal("CONT");
  }

  /** Starts a new, empty server on the same port; the former one must have been killed. */
  public void restart() {
    if (process.isAlive()) {
      throw new IllegalStateException("Redis still runs on port " + port);
    }
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the server and deletes its files. May be called twice. */
  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException alreadyDeleted) {
      // closed before, or a file that the system deletes with its temporary folder
    }
  }

  /**
   * Sends one command by the protocol's inline form and returns the first line of the answer, such
   * as {@code +PONG}.
   */
  public String command(String line) {
    try (Socket socket = connect()) {
      socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
      return firstLine(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String firstLine(InputStream answer) throws IOException {
    var text = new StringBuilder();
    for (int next = answer.read(); next >= 0 && next != '\r'; next = answer.read()) {
      text.append((char) next);
    }
    return text.toString();
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(List.of(RedisBinary.path()));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", folder.toString()));
    command.addAll(settings);
    var program =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile());
    program.environment().putAll(environment);
    Process started = program.start();
    awaitConnections(started);
    return started;
  }

  private void awaitConnections(Process started) throws IOException {
    long end = System.nanoTime() + TIME_TO_START.toNanos();
    while (started.isAlive() && System.nanoTime() < end) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
        if (!firstLine(socket.getInputStream()).isEmpty()) {
          return;
        }
      } catch (IOException notYet) {
        pauseBriefly();
      }
    }
    started.destroyForcibly();
    throw new IllegalStateException(
        "Redis did not start: " + Files.readString(folder.resolve("redis.log")));
  }

  private Socket connect() throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(1_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
    return socket;
  }

  private void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -%s failed for %d".formatted(name, process.pid()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pauseBriefly() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Redis starts", e);
    }
  }

  private static int freePort() throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        if (attempt == ATTEMPTS) {
          throw taken;
        }
      }
    }
  }
}

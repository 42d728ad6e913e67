package io.kontor.eventstore;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.eventhandling.GenericEventMessage;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A separate process that counts on a few streams from many threads until it is killed. It prints
 * each acknowledged count; every amount is used once, so that it can be identified.
 */
final class CounterProcess implements AutoCloseable {
  private static final int CALLERS = 32;
  private static final int GIVEN_UP = 3;
  private static final Pattern ANSWER = Pattern.compile("answered (\\d+) (\\S+) (\\d+);");

  /** A count that succeeded. */
  record Answered(long amount, String stream, long version) {}

  private final Process process;

  /**
   * @param firstAmount the process counts by this, then by one more each time
   * @param streams that exist already
   */
  CounterProcess(
      String url,
      String appPassword,
      String workerPassword,
      long firstAmount,
      List<String> streams,
      Consumer<Answered> answered) {
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Daxoniq.update-checker.disabled=true",
            "-cp",
            System.getProperty("java.class.path"),
            CounterProcess.class.getName(),
            url,
            Long.toString(firstAmount));
    builder.command().addAll(streams);
    builder.environment().putAll(Map.of("APP", appPassword, "WORKER", workerPassword));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(() -> read(answered));
  }

  /** Kills the process with {@code kill -9} and waits for its end. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Freezes the process, like a paused virtual machine. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Resumes the process. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Sets the offset of its clock. */
  void setClock(Duration ahead) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(ahead.toString()).append('\n').flush();
  }

  /** Whether it has detected by itself that it has to stop. */
  boolean hasGivenUp() {
    return !process.isAlive() && process.exitValue() == GIVEN_UP;
  }

  private void read(Consumer<Answered> answered) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher words = ANSWER.matcher(line);
        if (words.matches()) {
          answered.accept(
              new Answered(
                  Long.parseLong(words.group(1)), words.group(2), Long.parseLong(words.group(3))));
        }
      }
    } catch (IOException killed) {
      // nothing more to read
    }
  }

  static void main(String[] arguments) {
    var amounts = new AtomicLong(Long.parseLong(arguments[1]));
    List<String> streams = List.of(arguments).subList(2, arguments.length);
    var node = new CounterNode(login(arguments[0], "app"), login(arguments[0], "worker"));
    Thread.ofPlatform().daemon().start(CounterProcess::obeyClock);
    for (int caller = 0; caller < CALLERS; caller++) {
      Thread.ofPlatform().start(() -> countForever(node, amounts, streams));
    }
  }

  static void start(CounterNode node, List<String> streams) {
    streams.forEach(stream -> node.send(new Start(stream)));
  }

  private static void countForever(CounterNode node, AtomicLong amounts, List<String> streams) {
    while (true) {
      // every second command goes to the first stream: the hot one
      int choice = ThreadLocalRandom.current().nextInt(2 * streams.size());
      String stream = streams.get(choice < streams.size() ? choice : 0);
      long amount = amounts.getAndIncrement();
      try {
        Total total = node.send(new Add(stream, amount));
        synchronized (System.out) {
          System.out.println("answered " + amount + " " + stream + " " + total.version() + ";");
          System.out.flush();
        }
      } catch (RuntimeException failed) {
        // the store was unreachable; success was not reported
        if (node.status.stopReason().isPresent()) {
          Runtime.getRuntime().halt(GIVEN_UP);
        }
      }
    }
  }

  private static void obeyClock() {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        GenericEventMessage.clock = Clock.offset(Clock.systemUTC(), Duration.parse(line));
      }
    } catch (IOException closed) {
      // the clock stays as it is
    }
  }

  static PGSimpleDataSource login(String url, String name) {
    var login = new PGSimpleDataSource();
    login.setUrl(url);
    login.setCurrentSchema("kontor");
    login.setUser("kontor_" + name);
    login.setPassword(System.getenv(name.toUpperCase(Locale.ROOT)));
    login.setConnectTimeout(2);
    login.setSocketTimeout(5);
    return login;
  }
}

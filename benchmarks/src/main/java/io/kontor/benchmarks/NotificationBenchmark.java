package io.kontor.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Row v: WebSockets of users, five each, and deposits for these users. How much memory a connection
 * takes, how many messages a second arrive, and how long it takes from the event to the client: at
 * half of the highest rate.
 */
final class NotificationBenchmark implements AutoCloseable {
  static final int DEVICES = 5;

  private static final int MOST_NODES = 2;
  private static final int CALLERS = 32;
  private static final String DATABASE = "notifications";
  private static final Duration REST = Duration.ofSeconds(3);
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final ServerEnvironment environment;
  private final Build build;
  private final int users;
  private final Path tokens;
  private final Map<String, String> settings;
  private final List<ServerProcess> running = new ArrayList<>();
  private List<String> accounts = List.of();

  /**
   * @param folder for a file with the users' tokens
   */
  NotificationBenchmark(ServerEnvironment environment, Build build, Path folder, int connections)
      throws Exception {
    this.environment = environment;
    this.build = build;
    this.users = connections / DEVICES;
    this.tokens = folder.resolve("users.txt");
    String enough = Integer.toString(connections + CALLERS + 1_000);
    this.settings =
        Map.of(
            "KONTOR_NOTIFICATIONS_STREAM_CONNECTIONS", enough,
            "KONTOR_NOTIFICATIONS_STREAM_TENANTCONNECTIONS", enough,
            "KONTOR_NOTIFICATIONS_STREAM_ADDRESSCONNECTIONS", enough,
            "SERVER_TOMCAT_MAXCONNECTIONS", enough,
            "KONTOR_CLUSTER_SECRET", "a benchmark's nodes know each other by it");
    environment.createDatabase(DATABASE);
    Files.write(
        tokens, IntStream.range(0, users).mapToObj(n -> environment.customer(user(n))).toList());
  }

  private static String user(int number) {
    return "user-" + number;
  }

  /** The rows in the order in which they must run: nodes are added. */
  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    for (int nodes = 1; nodes <= MOST_NODES; nodes++) {
      int count = nodes;
      rows.put(
          "v" + nodes,
          Benchmark.of(
              "notifications over %d WebSockets of %d users, %d node%s"
                  .formatted(users * DEVICES, users, nodes, nodes == 1 ? "" : "s"),
              time -> run(count, time)));
    }
    return rows;
  }

  private Result run(int nodes, Duration time) throws Exception {
    ensureRunning(nodes);
    List<Integer> ports = running.stream().map(ServerProcess::port).toList();
    try (var load = new HttpLoad(ports, environment.teller());
        var listeners = new Listeners(ports)) {
      load.use(accounts);
      load.run("deposit", users, CALLERS, time, 0);
      Memory without = memory();
      long start = System.nanoTime();
      listeners.connect(tokens);
      double opened = users * DEVICES / ((System.nanoTime() - start) / 1e9);
      Memory with = memory();

      measured(load, listeners, time, 0);
      Figures highest = measured(load, listeners, time, 0);
      Figures half = measured(load, listeners, time, highest.perSecond() / DEVICES / 2);
      return Result.of(highest.perSecond(), half.received().nanos())
          .withCpu(highest.cpuMsPerMessage())
          .noting(
              String.format(
                  Locale.ROOT,
                  "%.0f connections opened a second; each takes %.1f kB of heap, %.1f kB resident;"
                      + " latencies at %.0f messages a second; %d connections were opened again",
                  opened,
                  (double) (with.heap() - without.heap()) / (users * DEVICES),
                  (double) (with.resident() - without.resident()) / (users * DEVICES),
                  half.perSecond(),
                  highest.received().lost() + half.received().lost()));
    }
  }

  /**
   * What was measured in one slice.
   *
   * @param perSecond messages, until the last one arrived
   */
  private record Figures(double perSecond, double cpuMsPerMessage, Received received) {}

  /**
   * What clients received.
   *
   * @param lost connections that had to be opened again
   */
  private record Received(long lost, Histogram nanos) {}

  private Figures measured(HttpLoad load, Listeners listeners, Duration time, double perSecond)
      throws Exception {
    var processes =
        new ProcessTime(
            running.stream().map(node -> node.process().pid()).toList(),
            environment.postgres().processId());
    listeners.reset();
    double cpu = processes.millis().orElse(0);
    long start = System.nanoTime();
    long expected = load.run("deposit", users, CALLERS, time, perSecond).operations() * DEVICES;
    Received received = listeners.await(expected);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Figures(
        expected / seconds, (processes.millis().orElse(0) - cpu) / expected, received);
  }

  /**
   * Memory of all nodes, in kilobytes.
   *
   * @param heap after a collection
   */
  private record Memory(long heap, long resident) {}

  private Memory memory() throws Exception {
    TimeUnit.NANOSECONDS.sleep(REST.toNanos());
    long heap = 0;
    long resident = 0;
    for (ServerProcess node : running) {
      long process = node.process().pid();
      jcmd(process, "GC.run");
      Matcher used = USED.matcher(jcmd(process, "GC.heap_info"));
      heap += used.find() ? Long.parseLong(used.group(1)) : 0;
      resident += ProcessMemory.residentKilobytes(process);
    }
    return new Memory(heap, resident);
  }

  private static String jcmd(long process, String command) throws Exception {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process tool = new ProcessBuilder(program, Long.toString(process), command).start();
    try (var output = tool.getInputStream()) {
      String text = new String(output.readAllBytes(), UTF_8);
      tool.waitFor();
      return text;
    }
  }

  private void ensureRunning(int nodes) throws Exception {
    while (running.size() < nodes) {
      running.add(environment.start(build, DATABASE, settings));
    }
    if (accounts.isEmpty()) {
      environment.registerTenant(running.getFirst());
      accounts = openAccounts(running.getFirst().port());
    }
    TimeUnit.NANOSECONDS.sleep(REST.toNanos());
  }

  /** One for each user. */
  private List<String> openAccounts(int port) throws Exception {
    String teller = "Authorization: Bearer %s\r\n".formatted(environment.teller());
    List<Future<List<String>>> opening = new ArrayList<>();
    try (var threads = Executors.newCachedThreadPool()) {
      for (int caller = 0; caller < CALLERS; caller++) {
        int first = caller;
        opening.add(
            threads.submit(
                () -> {
                  List<String> opened = new ArrayList<>();
                  try (var connection = new HttpConnection(port)) {
                    for (int n = first; n < users; n += CALLERS) {
                      opened.add(openAccount(connection, teller, user(n)));
                    }
                  }
                  return opened;
                }));
      }
    }
    List<String> all = new ArrayList<>();
    for (Future<List<String>> one : opening) {
      all.addAll(one.get());
    }
    return all;
  }

  private static String openAccount(HttpConnection connection, String teller, String user)
      throws IOException {
    HttpConnection.Answer answer =
        connection.post(
            "/v1/accounts",
            teller + "Idempotency-Key: " + user + "\r\n",
            "{\"customer\":\"%s\",\"owner\":\"Bench\",\"currency\":\"EUR\"}".formatted(user));
    Matcher id = ID.matcher(answer.body());
    if (answer.status() != 201 || !id.find()) {
      throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
    }
    return id.group(1);
  }

  /** The clients, in a process of their own. */
  private static final class Listeners implements AutoCloseable {
    private final ClientProcess clients;

    Listeners(List<Integer> ports) throws IOException {
      clients = new ClientProcess(NotificationListeners.class, ports, Map.of());
    }

    void connect(Path tokens) throws IOException {
      clients.answer("%s %s %d".formatted(NotificationListeners.CONNECT, tokens, DEVICES));
    }

    void reset() throws IOException {
      clients.answer(NotificationListeners.RESET);
    }

    Received await(long messages) throws IOException {
      String[] figures =
          clients.answer(NotificationListeners.AWAIT + " " + messages).split(" ", -1);
      return new Received(Long.parseLong(figures[0]), HistogramText.parse(figures[1]));
    }

    @Override
    public void close() throws IOException {
      clients.close();
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (ServerProcess node : running) {
      node.close();
    }
  }
}

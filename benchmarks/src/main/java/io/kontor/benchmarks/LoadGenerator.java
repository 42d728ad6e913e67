package io.kontor.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sends requests over keep-alive connections, slice by slice as its input says, and prints rate and
 * latencies of each. It does as little as possible, since it shares its cores with the server.
 */
final class LoadGenerator {
  /** The environment variable with the token, for a node that issues none. */
  static final String TOKEN = "KONTOR_BENCH_TOKEN";

  /** The input's command that opens accounts, with their number. */
  static final String OPEN = "open";

  /** The input's command that names the accounts to work on. */
  static final String USE = "use";

  /** The input's command for a slice: kind, accounts, connections, milliseconds, rate. */
  static final String RUN = "run";

  /** The balance of an account that was opened and has not been used. */
  static final String OPENED_WITH = "1000000.00";

  private static final int OPENERS = 64;
  private static final int SHOWN = 2_000;
  private static final int REJECTED_PERCENT = 10;
  private static final int PER_BULK = 500;
  private static final int PER_STREAM = 5_000;
  private static final int PRODUCTS = 100;
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  private final List<Integer> ports;
  private final String token;
  private final List<String> accounts = new ArrayList<>();
  private List<String> products = List.of();

  private LoadGenerator(List<Integer> ports, String token) {
    this.ports = ports;
    this.token = token;
  }

  static void main(String[] arguments) throws Exception {
    List<Integer> ports = Stream.of(arguments[0].split(",", -1)).map(Integer::valueOf).toList();
    String given = System.getenv(TOKEN);
    var generator =
        new LoadGenerator(
            ports, given == null ? HttpConnection.tellerToken(ports.getFirst()) : given);
    try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println(generator.answer(line.split(" ", -1)));
      }
    }
  }

  private String answer(String[] command) throws Exception {
    return switch (command[0]) {
      case OPEN -> open(Integer.parseInt(command[1]));
      case USE -> use(List.of(command).subList(1, command.length));
      case RUN ->
          slice(
              command[1],
              accounts.subList(0, Math.min(accounts.size(), Integer.parseInt(command[2]))),
              Integer.parseInt(command[3]),
              Duration.ofMillis(Long.parseLong(command[4])),
              Double.parseDouble(command[5]));
      default -> throw new IllegalArgumentException(command[0]);
    };
  }

  private String slice(String kind, List<String> among, int count, Duration time, double perSecond)
      throws Exception {
    if (kind.equals("order") && products.isEmpty()) {
      products = offered();
    }
    String run = UUID.randomUUID().toString();
    List<HttpConnection> connections = connections(count);
    Slice slice =
        Measurement.run(
            count,
            time,
            perSecond,
            (caller, n) ->
                request(kind, among, connections.get(caller), run + "-" + caller + "-" + n));
    closeAll(connections);
    return String.format(
        Locale.ROOT,
        "%.3f %d %s",
        slice.perSecond(),
        slice.operations(),
        HistogramText.of(slice.nanos()));
  }

  /** Opens accounts with a million euros each. */
  private String open(int count) throws Exception {
    var opened = new ConcurrentLinkedQueue<String>();
    var left = new AtomicInteger(count);
    List<HttpConnection> connections = connections(OPENERS);
    try (var threads = Executors.newCachedThreadPool()) {
      var futures =
          connections.stream()
              .map(
                  connection ->
                      threads.submit(
                          () -> {
                            for (int n = left.getAndDecrement();
                                n > 0;
                                n = left.getAndDecrement()) {
                              if (n % SHOWN == 0) {
                                System.err.printf("bench:   %d accounts to open ...%n", n);
                              }
                              opened.add(open(connection));
                            }
                            return null;
                          }))
              .toList();
      for (var future : futures) {
        future.get();
      }
    }
    closeAll(connections);
    accounts.addAll(opened);
    return String.join(" ", accounts);
  }

  private String use(List<String> given) {
    accounts.clear();
    accounts.addAll(given);
    return USE;
  }

  private String open(HttpConnection connection) throws IOException {
    HttpConnection.Answer answer =
        connection.post(
            "/v1/accounts",
            headers(UUID.randomUUID().toString()),
            "{\"customer\":\"bench\",\"owner\":\"Bench\",\"currency\":\"EUR\"}");
    expect(201, answer, 1);
    Matcher id = ID.matcher(answer.body());
    if (!id.find()) {
      throw new IOException("an account without an id: " + answer.body());
    }
    String account = id.group(1);
    expect(
        200,
        connection.post(
            "/v1/accounts/" + account + "/deposits",
            headers(UUID.randomUUID().toString()),
            money(OPENED_WITH)),
        1);
    return account;
  }

  /** Registers products with more stock than can be ordered. */
  private List<String> offered() throws IOException {
    String run = UUID.randomUUID().toString().substring(0, 8);
    List<String> skus = IntStream.range(0, PRODUCTS).mapToObj(n -> "B-" + run + "-" + n).toList();
    try (var connection = new HttpConnection(ports.getFirst())) {
      for (String sku : skus) {
        expect(
            201,
            connection.post(
                "/v1/products",
                headers(sku),
                "{\"sku\":\"%s\",\"name\":\"A thing\",\"price\":{\"amount\":\"0.01\",\"currency\":\"EUR\"}}"
                    .formatted(sku)),
            1);
        expect(
            200,
            connection.post(
                "/v1/products/" + sku + "/stock", headers(sku + "+"), "{\"quantity\":1000000}"),
            1);
      }
    }
    return skus;
  }

  private List<HttpConnection> connections(int count) throws IOException {
    List<HttpConnection> open = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      open.add(new HttpConnection(ports.get(n % ports.size())));
    }
    return open;
  }

  private static void closeAll(List<HttpConnection> connections) throws IOException {
    for (HttpConnection connection : connections) {
      connection.close();
    }
  }

  private String headers(String key) {
    return "Authorization: Bearer " + token + "\r\nIdempotency-Key: " + key + "\r\n";
  }

  private int request(String kind, List<String> among, HttpConnection connection, String key)
      throws IOException {
    String headers = headers(key);
    return switch (kind) {
      case "deposit" ->
          expect(200, connection.post(path(among, "deposits"), headers, money("0.01")), 1);
      case "deposit-until-taken" -> {
        HttpConnection.Answer answer;
        do {
          answer = connection.post(path(among, "deposits"), headers, money("0.01"));
        } while (answer.status() == 503);
        yield expect(200, answer, 1);
      }
      case "deposit-or-refused" ->
          ThreadLocalRandom.current().nextInt(100) < REJECTED_PERCENT
              ? expect(
                  422,
                  connection.post(path(among, "withdrawals"), headers, money("90000000000.00")),
                  1)
              : expect(200, connection.post(path(among, "deposits"), headers, money("0.01")), 1);
      case "bulk" ->
          expect(200, connection.post("/v1/transfers/bulk", headers, bulk(among)), PER_BULK);
      case "stream" ->
          booked(connection.postLines("/v1/transfers/bulk", headers, lines(among, key)));
      case "order" ->
          confirmed(connection.post("/v1/orders", headers + "Prefer: wait=30\r\n", order(among)));
      case "account" -> expect(200, connection.get("/v1/accounts/" + any(among), headers), 1);
      case "untouched-account" -> untouched(any(among), connection, headers);
      case "postings" -> expect(200, connection.get(path(among, "postings"), headers), 1);
      case "trial-balance" -> expect(200, connection.get("/v1/ledger/trial-balance", headers), 1);
      case "flood" -> {
        int status = connection.get("/v1/accounts", headers).status();
        yield status == 200 || status == 429 ? 1 : 0;
      }
      case "mixed" -> request(drawn(), among, connection, key);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Four reads of five. */
  private static String drawn() {
    return switch (ThreadLocalRandom.current().nextInt(10)) {
      case 0, 1 -> "deposit";
      case 2, 3, 4, 5 -> "account";
      default -> "postings";
    };
  }

  private static int expect(int status, HttpConnection.Answer answer, int operations)
      throws IOException {
    if (answer.status() != status) {
      throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
    }
    return operations;
  }

  /** An account that has what it was opened with. */
  private static int untouched(String account, HttpConnection connection, String headers)
      throws IOException {
    HttpConnection.Answer answer = connection.get("/v1/accounts/" + account, headers);
    if (!answer.body().contains(account) || !answer.body().contains('"' + OPENED_WITH + '"')) {
      throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
    }
    return expect(200, answer, 1);
  }

  private static int booked(HttpConnection.Answer answer) throws IOException {
    int booked = answer.body().split("\"status\":201", -1).length - 1;
    if (booked != PER_STREAM) {
      throw new IOException("%d booked: %s".formatted(booked, answer.body()));
    }
    return expect(200, answer, booked);
  }

  private static int confirmed(HttpConnection.Answer answer) throws IOException {
    if (!answer.body().contains("\"CONFIRMED\"")) {
      throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
    }
    return expect(200, answer, 1);
  }

  private static String path(List<String> among, String what) {
    return "/v1/accounts/" + any(among) + "/" + what;
  }

  private static String bulk(List<String> among) {
    var body = new StringBuilder("{\"transfers\":[");
    for (int n = 0; n < PER_BULK; n++) {
      body.append(n == 0 ? "" : ",").append(transfer(among));
    }
    return body.append("]}").toString();
  }

  private static String lines(List<String> among, String key) {
    var body = new StringBuilder();
    for (int n = 0; n < PER_STREAM; n++) {
      body.append("{\"idempotencyKey\":\"").append(key).append('-').append(n).append("\",");
      body.append(transfer(among).substring(1)).append('\n');
    }
    return body.toString();
  }

  private static String transfer(List<String> among) {
    String from = any(among);
    String to = any(among);
    while (to.equals(from)) {
      to = any(among);
    }
    return "{\"from\":\"%s\",\"to\":\"%s\",%s".formatted(from, to, money("0.01").substring(1));
  }

  private String order(List<String> among) {
    int first = ThreadLocalRandom.current().nextInt(PRODUCTS);
    return """
    {"account":"%s","items":[{"sku":"%s","quantity":1},{"sku":"%s","quantity":1}],\
    "shippingAddress":{"name":"Ada Lovelace","line1":"Street 1","postalCode":"10115",\
    "city":"Berlin","country":"DE"}}\
    """
        .formatted(any(among), products.get(first), products.get((first + 1) % PRODUCTS));
  }

  private static String money(String amount) {
    return "{\"amount\":{\"amount\":\"" + amount + "\",\"currency\":\"EUR\"},\"reference\":\"\"}";
  }

  private static String any(List<String> among) {
    return among.get(ThreadLocalRandom.current().nextInt(among.size()));
  }
}

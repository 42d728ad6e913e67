package io.kontor.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Sends requests over keep-alive connections and prints rate and latencies. It does as little as
 * possible, since it shares its cores with the server.
 */
final class LoadGenerator {
  /** The environment variable with the token, for a node that issues none. */
  static final String TOKEN = "KONTOR_BENCH_TOKEN";

  private static final int REJECTED_PERCENT = 10;

  private final String kind;
  private final int perBulk;
  private final List<String> accounts;
  private final String token;
  private final String run = UUID.randomUUID().toString();

  private LoadGenerator(int port, String kind, int perBulk, List<String> accounts)
      throws IOException {
    this.kind = kind;
    this.perBulk = perBulk;
    this.accounts = accounts;
    String given = System.getenv(TOKEN);
    token = given == null ? HttpConnection.tellerToken(port) : given;
  }

  static void main(String[] arguments) throws Exception {
    List<String> accounts =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            .lines()
            .toList();
    List<Integer> ports = Stream.of(arguments[0].split(",", -1)).map(Integer::valueOf).toList();
    var generator =
        new LoadGenerator(ports.getFirst(), arguments[1], Integer.parseInt(arguments[5]), accounts);
    int connections = Integer.parseInt(arguments[2]);
    Duration time = Duration.ofMillis(Long.parseLong(arguments[3]));
    double perSecond = Double.parseDouble(arguments[4]);
    var open = new HttpConnection[connections];
    for (int n = 0; n < connections; n++) {
      open[n] = new HttpConnection(ports.get(n % ports.size()));
    }
    Measurement.Call call = (caller, n) -> generator.request(open[caller], caller + "-" + n);
    Measurement.Result result =
        perSecond == 0
            ? Measurement.closedLoop(connections, time, call)
            : Measurement.openLoop(connections, time, perSecond, call);
    System.out.printf(
        Locale.ROOT, "%.3f %.3f %.3f%n", result.perSecond(), result.p50Ms(), result.p99Ms());
    for (HttpConnection connection : open) {
      connection.close();
    }
  }

  private int request(HttpConnection connection, String n) throws IOException {
    return request(kind, connection, n);
  }

  private int request(String what, HttpConnection connection, String n) throws IOException {
    String headers = "Authorization: Bearer " + token + "\r\nIdempotency-Key: " + run + n + "\r\n";
    return switch (what) {
      case "deposit" -> expect(200, connection.post(path("deposits"), headers, money("0.01")), 1);
      case "deposit-until-taken" -> {
        HttpConnection.Answer answer;
        do {
          answer = connection.post(path("deposits"), headers, money("0.01"));
        } while (answer.status() == 503);
        yield expect(200, answer, 1);
      }
      case "deposit-or-refused" ->
          ThreadLocalRandom.current().nextInt(100) < REJECTED_PERCENT
              ? expect(
                  422, connection.post(path("withdrawals"), headers, money("90000000000.00")), 1)
              : expect(200, connection.post(path("deposits"), headers, money("0.01")), 1);
      case "transfer" -> expect(201, connection.post("/v1/transfers", headers, transfer()), 1);
      case "bulk" -> expect(200, connection.post("/v1/transfers/bulk", headers, bulk()), perBulk);
      case "mixed" -> request(anyOf("deposit", "deposit-or-refused", "transfer"), connection, n);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static int expect(int status, HttpConnection.Answer answer, int operations)
      throws IOException {
    if (answer.status() != status) {
      throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
    }
    return operations;
  }

  private String path(String what) {
    return "/v1/accounts/" + any() + "/" + what;
  }

  private String bulk() {
    var body = new StringBuilder("{\"transfers\":[");
    for (int n = 0; n < perBulk; n++) {
      body.append(n == 0 ? "" : ",").append(transfer());
    }
    return body.append("]}").toString();
  }

  private String transfer() {
    String from = any();
    String to = any();
    while (to.equals(from)) {
      to = any();
    }
    return "{\"from\":\"%s\",\"to\":\"%s\",%s".formatted(from, to, money("0.01").substring(1));
  }

  private static String money(String amount) {
    return "{\"amount\":{\"amount\":\"" + amount + "\",\"currency\":\"EUR\"},\"reference\":\"\"}";
  }

  private static String anyOf(String... kinds) {
    return kinds[ThreadLocalRandom.current().nextInt(kinds.length)];
  }

  private String any() {
    return accounts.get(ThreadLocalRandom.current().nextInt(accounts.size()));
  }
}

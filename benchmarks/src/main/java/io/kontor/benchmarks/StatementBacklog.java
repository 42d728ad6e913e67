package io.kontor.benchmarks;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Row z3: how long a tenant's standing orders wait for a worker while the statements of all
 * accounts of another tenant wait, too. All of it is real: orders are created over HTTP and move
 * money, and statements are written and stored. The figures are the database's times.
 */
final class StatementBacklog {
  /** Of the nodes: each order is due at once. */
  static final Map<String, String> SETTINGS =
      Map.of("KONTOR_STANDINGORDERS_CALENDARS", "EVERY_DAY", "KONTOR_STANDINGORDERS_AT", "00:00");

  static final String FEW = "few";

  private static final int ORDERS = 300;
  private static final long BETWEEN_ORDERS_MILLIS = 100;
  private static final long LOOK_AGAIN_MILLIS = 200;
  private static final long LIMIT_SECONDS = 1200;
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final String EUROS = "{\"amount\":\"%s\",\"currency\":\"EUR\"}";

  private final ServerProcess server;
  private final JdbcClient sql;
  private final String teller;
  private final String admin;

  /**
   * @param sql the database, with the worker's login
   * @param teller of {@link #FEW}
   * @param admin of the tenant with many accounts
   */
  StatementBacklog(ServerProcess server, JdbcClient sql, String teller, String admin) {
    this.server = server;
    this.sql = sql;
    this.teller = teller;
    this.admin = admin;
  }

  Result measure() throws IOException, InterruptedException {
    try (var http = new HttpConnection(server.port())) {
      String from = openAccount(http);
      String to = openAccount(http);
      send(
          http,
          "/v1/accounts/%s/deposits".formatted(from),
          teller,
          "{\"amount\":%s,\"reference\":\"bench\"}".formatted(EUROS.formatted("10000.00")));
      Histogram alone = orders(from, to);
      LocalDate today = LocalDate.now(ZoneOffset.UTC);
      send(
          http,
          "/v1/admin/statement-runs",
          admin,
          "{\"from\":\"%s\",\"to\":\"%s\",\"format\":\"CSV\"}"
              .formatted(today.minusMonths(1), today));
      await("type = 'statement-run' and state = 'COMPLETED'", 1);
      long before = count("type = 'statement' and state = 'COMPLETED'");
      Histogram beside = orders(from, to);
      return Result.of(1_000.0 / BETWEEN_ORDERS_MILLIS, beside)
          .noting(
              String.format(
                  Locale.ROOT,
                  "alone p50 %.1f ms, p99 %.1f ms; %,d statements were written meanwhile, %,d wait",
                  alone.getValueAtPercentile(50) / 1e6,
                  alone.getValueAtPercentile(99) / 1e6,
                  count("type = 'statement' and state = 'COMPLETED'") - before,
                  count("type = 'statement' and state = 'WAITING'")));
    }
  }

  private String openAccount(HttpConnection http) throws IOException {
    return id(
        send(
            http,
            "/v1/accounts",
            teller,
            "{\"customer\":\"cust-1\",\"owner\":\"Ada Lovelace\",\"currency\":\"EUR\"}"));
  }

  /** From the job's being due until a worker begins it. */
  private Histogram orders(String from, String to) throws IOException, InterruptedException {
    String ofFew = "type = 'standing-order' and tenant_id = '%s'".formatted(FEW);
    long known = count(ofFew);
    String order =
        ("{\"from\":\"%s\",\"to\":\"%s\",\"amount\":%s,\"reference\":\"rent\",\"schedule\":"
                + "{\"first\":\"%s\",\"rhythm\":\"ONCE\",\"businessDayRule\":\"FOLLOWING\","
                + "\"calendar\":\"EVERY_DAY\"}}")
            .formatted(from, to, EUROS.formatted("1.00"), LocalDate.now(ZoneOffset.UTC));
    try (var http = new HttpConnection(server.port())) {
      for (int n = 0; n < ORDERS; n++) {
        send(http, "/v1/standing-orders", teller, order);
        TimeUnit.MILLISECONDS.sleep(BETWEEN_ORDERS_MILLIS);
      }
    }
    await(ofFew + " and state = 'COMPLETED'", known + ORDERS);
    var nanos = new Histogram(3);
    waits(ofFew, ORDERS).forEach(nanos::recordValue);
    return nanos;
  }

  private List<Long> waits(String which, int last) {
    return sql.sql(
            """
            select cast(1e9 * extract(epoch from started_at - greatest(run_at, created_at)) as bigint)
              from kontor.job where %s order by created_at desc limit %d
            """
                .formatted(which, last))
        .query(Long.class)
        .list();
  }

  private void await(String which, long number) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (count(which) < number) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("jobs do not go on: " + which);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  private long count(String which) {
    return sql.sql("select count(*) from kontor.job where " + which).query(Long.class).single();
  }

  private static String send(HttpConnection http, String path, String token, String body)
      throws IOException {
    HttpConnection.Answer answer =
        http.post(
            path,
            "Authorization: Bearer %s\r\nIdempotency-Key: %s\r\n"
                .formatted(token, UUID.randomUUID()),
            body);
    if (answer.status() / 100 != 2) {
      throw new IOException("%s answered %d: %s".formatted(path, answer.status(), answer.body()));
    }
    return answer.body();
  }

  private static String id(String body) throws IOException {
    Matcher id = ID.matcher(body);
    if (!id.find()) {
      throw new IOException("no id in " + body);
    }
    return id.group(1);
  }
}

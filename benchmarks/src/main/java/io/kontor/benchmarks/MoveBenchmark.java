package io.kontor.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Rows p: a tenant with a long history moves from placement to placement, one after another, while
 * a client goes on to deposit. The times are those of the deposits, each from its first attempt
 * until it was accepted.
 */
final class MoveBenchmark implements AutoCloseable {
  private static final String DATABASE = "moving";
  private static final String CELL = "moved";
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final ServerEnvironment environment;
  private final List<String> accounts;
  private final String teller;
  private final Connection connection;
  private final JdbcClient sql;
  private final ServerProcess server;

  MoveBenchmark(
      ServerEnvironment environment, Build build, Path folder, int events, int numberOfAccounts)
      throws IOException, InterruptedException, SQLException {
    this.environment = environment;
    teller = environment.teller();
    HistoryFile history =
        HistoryFile.write(
            environment, folder.resolve("moving.ndjson.gz"), events, numberOfAccounts);
    accounts = history.accounts();
    environment.createDatabase(DATABASE);
    environment.createDatabase(CELL);
    environment.bringIn(build, DATABASE, history);
    server =
        environment.start(
            build, DATABASE, Map.of("KONTOR_CELLS_ACME_URL", environment.postgres().jdbcUrl(CELL)));
    environment.registerTenant(server);
    connection = environment.worker(DATABASE);
    sql = JdbcClient.create(new SingleConnectionDataSource(connection, true));
  }

  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    List<String> places = List.of("SCHEMA", "DATABASE", "ROW");
    for (int n = 0; n < places.size(); n++) {
      String to = places.get(n);
      rows.put(
          "p" + (n + 1),
          Benchmark.of("a tenant moves to %s, events".formatted(to), time -> moved(to)));
    }
    return rows;
  }

  private Result moved(String to) throws Exception {
    long begun = System.nanoTime();
    var deposits = new Histogram(HIGHEST_NANOS, 3);
    ask(to);
    int n = 0;
    try (var http = new HttpConnection(server.port())) {
      for (String state = state(); !state.equals("COMPLETED"); state = state()) {
        if (state.equals("DEAD") || System.nanoTime() - begun > LIMIT.toNanos()) {
          throw new IllegalStateException("the move to %s is %s".formatted(to, state));
        }
        long first = System.nanoTime();
        deposit(http, to + n);
        deposits.recordValue(System.nanoTime() - first);
        n++;
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Move move =
        sql.sql(
                """
                select (result->>'events')::bigint as events,
                       (result->>'suspendedMillis')::bigint as suspended_millis
                  from kontor.job where type = 'tenant-move' order by created_at desc limit 1
                """)
            .query(Move.class)
            .single();
    return Result.of(move.events() / seconds, deposits)
        .noting(
            "%,d events in %.0f s, suspended for %,d ms; of %,d deposits meanwhile the slowest was accepted after %,d ms"
                .formatted(
                    move.events(),
                    seconds,
                    move.suspendedMillis(),
                    n,
                    TimeUnit.NANOSECONDS.toMillis(deposits.getMaxValue())));
  }

  private record Move(long events, long suspendedMillis) {}

  private void ask(String to) throws IOException {
    try (var http = new HttpConnection(server.port())) {
      HttpConnection.Answer answer =
          http.post(
              "/v1/tenants/%s/move".formatted(BenchmarkBank.ACME.value()),
              "Authorization: Bearer %s\r\n".formatted(environment.operator()),
              "{\"to\":\"%s\"}".formatted(to));
      if (answer.status() != 202) {
        throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
      }
    }
  }

  private String state() {
    return sql.sql(
            "select state from kontor.job where type = 'tenant-move' order by created_at desc limit 1")
        .query(String.class)
        .single();
  }

  private void deposit(HttpConnection http, String key) throws IOException, InterruptedException {
    String path = "/v1/accounts/%s/deposits".formatted(accounts.get(key.hashCode() & 0xff));
    while (true) {
      HttpConnection.Answer answer =
          http.post(
              path,
              "Authorization: Bearer %s\r\nIdempotency-Key: %s\r\n".formatted(teller, key),
              "{\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"reference\":\"\"}");
      if (answer.status() == 200) {
        return;
      }
      if (answer.status() != 503) {
        throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    }
  }

  @Override
  public void close() throws InterruptedException, SQLException {
    connection.close();
    server.close();
  }
}

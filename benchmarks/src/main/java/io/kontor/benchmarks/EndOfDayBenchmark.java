package io.kontor.benchmarks;

import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.endofday.DayCount;
import io.kontor.api.endofday.FeeRhythm;
import io.kontor.api.endofday.InterestRate;
import io.kontor.api.money.Money;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Rows z: what a bank with many accounts runs as jobs. First the ends of two bank days. On the
 * first, which ends a month, interest and fees are booked, and the node is killed in the middle of
 * it; on the second, interest is accrued alone. Then the statements of all accounts, beside another
 * tenant's standing orders.
 */
final class EndOfDayBenchmark implements AutoCloseable {
  private static final String DATABASE = "end_of_day";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final ServerEnvironment environment;
  private final Build build;
  private final int accounts;
  private final LocalDate day = YearMonth.now(ZoneOffset.UTC).minusMonths(1).atEndOfMonth();
  private final Connection connection;
  private final JdbcClient sql;
  private ServerProcess server;

  EndOfDayBenchmark(ServerEnvironment environment, Build build, Path folder, int accounts)
      throws IOException, InterruptedException, SQLException {
    this.environment = environment;
    this.build = build;
    this.accounts = accounts;
    Instant opened = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    var terms =
        new AccountTerms(
            InterestRate.parse("0.75"),
            InterestRate.parse("9.90"),
            DayCount.ACT_365,
            new Money(290, BenchmarkBank.EUR),
            FeeRhythm.MONTHLY);
    var history =
        HistoryFile.withConditions(
            environment, folder.resolve("conditions.ndjson.gz"), accounts, opened, terms);
    environment.createDatabase(DATABASE);
    environment.bringIn(build, DATABASE, history);
    connection = environment.worker(DATABASE);
    sql = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    server = start();
    environment.registerTenant(server);
  }

  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put(
        "z1",
        Benchmark.of("interest and fees of a month booked, accounts", time -> monthIsBooked()));
    rows.put(
        "z2",
        Benchmark.of("interest of a day accrued, accounts", time -> accrued(day.plusDays(1))));
    rows.put(
        "z3",
        Benchmark.of(
            "a tenant's standing orders, 10 a second, from due to begun, while the statements of"
                + " all accounts of another tenant wait",
            time -> besideStatements()));
    return rows;
  }

  private Result monthIsBooked() throws Exception {
    openBankDay();
    await(() -> progress().filter(Progress::isBooking).isPresent());
    long begun = System.nanoTime();
    long before = progress().orElseThrow().done();
    await(() -> progress().filter(job -> job.done() > accounts / 2).isPresent());
    double perSecond =
        (progress().orElseThrow().done() - before) / ((System.nanoTime() - begun) / 1e9);
    server.process().destroyForcibly().waitFor();
    server = start();
    await(() -> isClosed(day));
    long twice =
        sql.sql(
                """
                select count(*) from (
                  select account_id, kind from kontor.posting
                   where kind in ('INTEREST', 'FEE') and account_id is not null
                   group by account_id, kind having count(*) > 1) as booked_twice
                """)
            .query(Long.class)
            .single();
    long booked =
        sql.sql(
                """
                select count(*) from kontor.posting
                 where kind in ('INTEREST', 'FEE') and account_id is not null
                """)
            .query(Long.class)
            .single();
    return Result.rate(
        perSecond,
        "%,d accounts, killed in the middle; then %,d interest and fees booked, %,d twice"
            .formatted(accounts, booked, twice));
  }

  private Result accrued(LocalDate next) throws Exception {
    await(() -> isClosed(next));
    Double seconds =
        sql.sql(
                """
                select extract(epoch from ended_at - started_at)::float8 from kontor.job
                 where type = 'end-of-day' and unique_key = :day and ended_at is not null
                """)
            .param("day", next.toString())
            .query(Double.class)
            .single();
    return Result.rate(accounts / seconds, "%,d accounts".formatted(accounts));
  }

  private Result besideStatements() throws Exception {
    environment.registerTenant(server, StatementBacklog.FEW);
    return new StatementBacklog(
            server, sql, environment.teller(StatementBacklog.FEW), environment.admin())
        .measure();
  }

  private void openBankDay() throws IOException {
    try (var http = new HttpConnection(server.port())) {
      HttpConnection.Answer answer =
          http.post(
              "/v1/admin/bank-day",
              "Authorization: Bearer %s\r\n".formatted(environment.admin()),
              "{\"day\":\"%s\",\"zone\":\"UTC\"}".formatted(day));
      if (answer.status() != 201 && answer.status() != 200) {
        throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
      }
    }
  }

  private record Progress(long done, String message) {
    boolean isBooking() {
      return message.contains("booked");
    }
  }

  private Optional<Progress> progress() {
    return sql.sql(
            """
            select done, coalesce(message, '') as message from kontor.job
             where type = 'end-of-day' and unique_key = :day
            """)
        .param("day", day.toString())
        .query((row, n) -> new Progress(row.getLong("done"), row.getString("message")))
        .optional();
  }

  private boolean isClosed(LocalDate which) {
    return sql.sql("select count(*) from kontor.bank_day where day = ? and closed_at is not null")
            .param(which)
            .query(Long.class)
            .single()
        > 0;
  }

  private interface Condition {
    boolean isMet();
  }

  private static void await(Condition condition) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.isMet()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the end of the day does not go on");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
    }
  }

  private ServerProcess start() throws IOException, InterruptedException {
    return environment.start(build, DATABASE, StatementBacklog.SETTINGS);
  }

  @Override
  public void close() throws InterruptedException, SQLException {
    connection.close();
    server.close();
  }
}

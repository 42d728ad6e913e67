package io.kontor.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import io.kontor.database.breaker.BreakerProperties;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.pool.RequestPool;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/**
 * Rows t: how long a tenant's reads take while another tenant sends statements that take all the
 * time they may, by the share of the connections that a tenant may have. All shares take turns.
 */
final class TenantShareBenchmark implements AutoCloseable {
  private static final int CONNECTIONS = 20;
  private static final int SLOW_CALLERS = 64;
  private static final int READERS = 16;
  private static final double READS_PER_SECOND = 200;
  private static final Duration STATEMENT = Duration.ofSeconds(5);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final int MAX_WAITING = 1_000;
  private static final int[] PERCENTS = {100, 50, 25, 10, 5};

  private static final TenantId READING = new TenantId("reading");
  private static final TenantId SLOW = new TenantId("slow");

  /** What the slow tenant's statements do until the database ends them. */
  private enum Kind {
    WAITING("w", "select pg_sleep(60)"),
    COMPUTING("c", "select count(*) from (select generate_series(1, 1000000000)) as number");

    private final String key;
    private final String sql;

    Kind(String key, String sql) {
      this.key = key;
      this.sql = sql;
    }
  }

  private final Turns turns;
  private final TestDatabase database = TestDatabase.create();
  private final Map<String, Samples> samples = new LinkedHashMap<>();

  TenantShareBenchmark(Turns turns) {
    this.turns = turns;
  }

  /** The rows' results, by their keys, with what each measures. */
  void addTo(ResultTable table) throws Exception {
    slice(100, null); // until the code is compiled
    for (int turn = 1; turn <= turns.count(); turn++) {
      add("t0", "a tenant's reads, no other tenant", 100, null);
      for (Kind kind : Kind.values()) {
        for (int percent : PERCENTS) {
          add(
              "t" + kind.key + percent,
              "the same, a tenant with slow statements (%s) may have %d %% of the connections"
                  .formatted(kind.name().toLowerCase(Locale.ROOT), percent),
              percent,
              kind);
        }
      }
      System.err.printf("bench:   turn %d of %d%n", turn, turns.count());
    }
    Samples alone = Objects.requireNonNull(samples.get("t0"));
    samples.forEach((key, row) -> table.add(key, row.what, row.result(alone)));
  }

  private void add(String key, String what, int percent, @Nullable Kind kind) throws Exception {
    samples.computeIfAbsent(key, _ -> new Samples(what)).add(slice(percent, kind));
  }

  /** The reads of one slice. */
  private record Reads(Slice slice, long failed) {}

  private Reads slice(int percent, @Nullable Kind kind) throws Exception {
    var stopped = new AtomicBoolean();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        RequestPool pool = pool(percent)) {
      var transactions = new TenantTransactions(pool);
      var sql = new JdbcTemplate(pool);
      try {
        if (kind != null) {
          for (int n = 0; n < SLOW_CALLERS; n++) {
            callers.execute(() -> beSlow(transactions, sql, kind, stopped));
          }
          awaitSlowStatements(CONNECTIONS * percent / 100);
        }
        var failed = new AtomicLong();
        Slice reads =
            Measurement.openLoop(
                READERS,
                turns.slice(),
                READS_PER_SECOND,
                (caller, n) -> read(transactions, sql, failed));
        return new Reads(reads, failed.get());
      } finally {
        stopped.set(true);
        callers.shutdown();
        while (!callers.awaitTermination(50, TimeUnit.MILLISECONDS)) {
          cancelStatements();
        }
      }
    }
  }

  private static void beSlow(
      TenantTransactions transactions, JdbcTemplate sql, Kind kind, AtomicBoolean stopped) {
    while (!stopped.get()) {
      try {
        TenantContext.call(
            SLOW,
            () -> transactions.read(() -> stopped.get() ? List.of() : sql.queryForList(kind.sql)));
      } catch (DataAccessException | TransactionException ended) {
        // It took too long, or its caller waited too long for a connection: it tries again.
      }
    }
  }

  private static int read(TenantTransactions transactions, JdbcTemplate sql, AtomicLong failed) {
    try {
      TenantContext.call(
          READING,
          () ->
              transactions.read(
                  () -> sql.queryForObject("select kontor.current_tenant()", String.class)));
      return 1;
    } catch (DataAccessException | TransactionException unavailable) {
      failed.incrementAndGet();
      return 0;
    }
  }

  private RequestPool pool(int percent) {
    var settings = new HikariConfig();
    settings.setPoolName("bench");
    settings.setDataSource(database.app());
    settings.setConnectionInitSql("set statement_timeout = " + STATEMENT.toMillis());
    settings.setMaximumPoolSize(CONNECTIONS);
    settings.setConnectionTimeout(WAIT.toMillis());
    return new RequestPool(
        settings,
        DatabaseBreaker.ofReads(
            "bench",
            new BreakerProperties(5, 2, Duration.ofMinutes(1), Duration.ofSeconds(1)),
            database.app()),
        () -> TenantContext.find().map(TenantId::value).orElse(null),
        percent,
        MAX_WAITING);
  }

  private void awaitSlowStatements(int count) throws InterruptedException {
    var sql = new JdbcTemplate(database.app());
    String active =
        "select count(*) from pg_stat_activity where usename = current_user"
            + " and datname = current_database() and state = 'active' and pid <> pg_backend_pid()";
    while (Objects.requireNonNull(sql.queryForObject(active, Integer.class)) < count) {
      Thread.sleep(10);
    }
  }

  private void cancelStatements() {
    new JdbcTemplate(database.app())
        .queryForList(
            "select pg_cancel_backend(pid) from pg_stat_activity"
                + " where usename = current_user and datname = current_database()"
                + " and pid <> pg_backend_pid()");
  }

  @Override
  public void close() {
    database.close();
  }

  /** The slices of one row. */
  private static final class Samples {
    private final String what;
    private final Histogram nanos = new Histogram(3);
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> highest = new ArrayList<>();
    private long failed;

    Samples(String what) {
      this.what = what;
    }

    void add(Reads reads) {
      nanos.add(reads.slice.nanos());
      rates.add(reads.slice.perSecond());
      highest.add((double) reads.slice.nanos().getValueAtPercentile(99));
      failed += reads.failed;
    }

    /** The ratios of p99 are those of the slices of a turn. */
    Result result(Samples alone) {
      List<Double> ratios = new ArrayList<>();
      for (int turn = 0; turn < highest.size(); turn++) {
        ratios.add(highest.get(turn) / alone.highest.get(turn));
      }
      Ratio ratio = Ratio.of(ratios);
      double perSecond = rates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      return Result.of(perSecond, nanos)
          .noting(
              String.format(
                  Locale.ROOT,
                  "p99 %.2f times that of t0, %.2f to %.2f; %d reads failed",
                  ratio.median(),
                  ratio.smallest(),
                  ratio.largest(),
                  failed));
    }
  }
}

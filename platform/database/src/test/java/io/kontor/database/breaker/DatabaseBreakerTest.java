package io.kontor.database.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.breaker.DatabaseBreaker.Permit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

@Tag("system")
class DatabaseBreakerTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static EmbeddedPostgres postgres;

  private final ProbedDatabase database = new ProbedDatabase();
  private final DatabaseBreaker breaker =
      DatabaseBreaker.ofReads(
          "test",
          new BreakerProperties(5, 2, Duration.ofHours(1), Duration.ofMillis(100)),
          database);

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @AfterEach
  void close() {
    breaker.close();
  }

  @Test
  void fiveFailuresInARowOpenIt() {
    fail(4);
    assertThat(breaker.isOpen()).isFalse();
    acquired().succeeded();
    fail(4);
    assertThat(breaker.isOpen()).isFalse();

    fail(1);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.tryAcquire()).isNull();
  }

  @Test
  void theFirstProbeThatSucceedsMakesItHalfOpenAndTwoSuccessesCloseIt() {
    fail(5);
    await().atMost(SOON).until(() -> database.probes.get() > 2);
    assertThat(breaker.isOpen()).isTrue();

    database.answers = true;
    await().atMost(SOON).until(() -> !breaker.isOpen());

    assertThat(breaker.state()).isEqualTo("half_open");
    Permit first = acquired();
    Permit second = acquired();
    assertThat(breaker.tryAcquire()).isNull();
    first.succeeded();
    assertThat(breaker.state()).isEqualTo("half_open");
    second.succeeded();
    assertThat(breaker.state()).isEqualTo("closed");
  }

  @Test
  void oneFailureOpensAHalfOpenOneAgain() {
    fail(5);
    database.answers = true;
    await().atMost(SOON).until(() -> !breaker.isOpen());
    database.answers = false;

    fail(1);

    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void withoutAProbeThatSucceedsItIsHalfOpenAfterItsTime() {
    var properties = new BreakerProperties(5, 2, Duration.ofSeconds(1), Duration.ofMillis(100));
    try (var timed = DatabaseBreaker.ofReads("timed", properties, database)) {
      for (int i = 0; i < 5; i++) {
        Objects.requireNonNull(timed.tryAcquire()).failed(new SQLException("away"));
      }
      await().atMost(SOON).until(() -> timed.state().equals("half_open"));
    }
  }

  @Test
  void whatBeganBeforeAChangeSaysNothingAboutTheDatabaseAfterIt() {
    Permit slow = acquired();
    fail(5);
    database.answers = true;
    await().atMost(SOON).until(() -> !breaker.isOpen());

    slow.failed(new SQLException("connection lost"));

    assertThat(breaker.state()).isEqualTo("half_open");
    acquired().succeeded();
    acquired().succeeded();
    assertThat(breaker.state()).isEqualTo("closed");
  }

  @Test
  void aReadOnlyDatabaseTakesNoWrites() {
    database.answers = true;
    var properties = new BreakerProperties(1, 1, Duration.ofHours(1), Duration.ofMillis(100));
    try (var writes = DatabaseBreaker.ofWrites("writes", properties, database)) {
      database.isReadOnly = true;
      Objects.requireNonNull(writes.tryAcquire()).failed(new SQLException("read-only"));
      await().atMost(SOON).until(() -> database.probes.get() > 2);
      assertThat(writes.isOpen()).isTrue();

      database.isReadOnly = false;

      await().atMost(SOON).until(() -> writes.state().equals("half_open"));
    }
  }

  @Test
  void itsStateAndItsChangesAreMetrics() {
    var meters = new SimpleMeterRegistry();
    breaker.bindTo(meters);

    fail(5);

    assertThat(
            meters
                .get("kontor.database.breaker.state")
                .tags("breaker", "database-test", "state", "open")
                .gauge()
                .value())
        .isEqualTo(1);
    assertThat(
            meters
                .get("kontor.database.breaker.changes")
                .tags("breaker", "database-test", "state", "open")
                .functionCounter()
                .count())
        .isEqualTo(1);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      acquired().failed(new SQLException("away"));
    }
  }

  private Permit acquired() {
    return Objects.requireNonNull(breaker.tryAcquire());
  }

  /** Refuses connections until it answers. */
  private static final class ProbedDatabase extends AbstractDataSource {
    private volatile boolean answers;
    private volatile boolean isReadOnly;
    private final AtomicInteger probes = new AtomicInteger();

    @Override
    public Connection getConnection() throws SQLException {
      probes.incrementAndGet();
      if (!answers) {
        throw new SQLException("away");
      }
      Connection connection = postgres.getPostgresDatabase().getConnection();
      if (isReadOnly) {
        try (var statement = connection.createStatement()) {
          statement.execute("set default_transaction_read_only = on");
        }
      }
      return connection;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }
}

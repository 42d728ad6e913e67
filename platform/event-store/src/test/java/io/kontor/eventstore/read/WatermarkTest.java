package io.kontor.eventstore.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class WatermarkTest {
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anEmptyStoreIsOverUpToNow() throws SQLException {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Watermark watermark = Watermark.read(database.worker());
    assertThat(watermark.position()).isZero();
    assertThat(watermark.instant()).isAfterOrEqualTo(before);
  }

  /** Its events are dated already, possibly before the instant in question. */
  @Test
  void anInstantIsNotOverWhileAnAppendIsUnderWay() throws SQLException {
    try (Connection writer = database.worker().getConnection()) {
      writer.setAutoCommit(false);
      try (var sql = writer.createStatement()) {
        sql.execute("select pg_advisory_xact_lock(%s)".formatted(WriterLock.KEY));
        sql.execute(
            """
            insert into kontor.event values (1, 'acme', gen_random_uuid(), 0, 'account',
              gen_random_uuid(), 'AccountOpened', '1', clock_timestamp(), 0, '{}', '{}',
              sha256('unchained'))
            """);
        CompletableFuture<Watermark> asked =
            CompletableFuture.supplyAsync(
                () -> new EventReader(database.worker()).watermark(), Thread::startVirtualThread);
        var locks = new JdbcTemplate(database.owner());
        await()
            .until(
                () ->
                    locks.queryForObject(
                        "select exists (select from pg_locks where locktype = 'advisory'"
                            + " and not granted)",
                        Boolean.class));
        assertThat(asked).isNotDone();
        writer.commit();
        assertThat(asked.join().position()).isOne();
      }
    }
  }
}

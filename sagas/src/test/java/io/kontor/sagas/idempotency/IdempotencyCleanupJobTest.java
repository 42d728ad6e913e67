package io.kontor.sagas.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.postgres.TestDatabase;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class IdempotencyCleanupJobTest {
  private static final Duration SOON = Duration.ofMinutes(1);

  @Test
  void anAnswerIsKeptForTwoDaysAndThatOfAnInboundPaymentForEver() {
    try (var database = TestDatabase.create()) {
      JdbcClient worker = JdbcClient.create(database.worker());
      worker
          .sql(
              """
              insert into kontor.idempotency
                (tenant_id, key, fingerprint, answer, position, answered_at)
              values ('acme', 'old', 'f', '{}', 1, now() - interval '49 hours'),
                     ('acme', '\u2192payments.inbound/7', 'f', '{}', 1, now() - interval '9 years'),
                     ('acme', 'young', 'f', '{}', 1, now() - interval '47 hours')
              """)
          .update();
      IdempotencyCleanupJob.forget(new NamedParameterJdbcTemplate(database.worker()), () -> true);
      assertThat(worker.sql("select key from kontor.idempotency").query(String.class).list())
          .containsExactlyInAnyOrder("young", "\u2192payments.inbound/7");
    }
  }

  /**
   * An append that waits for a row being deleted holds the writer lock, so every node waits for it.
   */
  @Test
  void aKeyIsFreeWhileOthersAreStillForgotten() throws Exception {
    try (var database = TestDatabase.create();
        var forgetting = Executors.newSingleThreadExecutor();
        var other = database.worker().getConnection()) {
      JdbcClient worker = JdbcClient.create(database.worker());
      worker
          .sql(
              """
              insert into kontor.idempotency
                (tenant_id, key, fingerprint, answer, position, answered_at)
              select 'acme', 'key-' || n, repeat('f', 64), '{}', n, now() - interval '49 hours'
              from generate_series(1, 5000) n
              """)
          .update();
      other.setAutoCommit(false);
      other.createStatement().execute("delete from kontor.idempotency where key = 'key-4000'");

      var done =
          forgetting.submit(
              () ->
                  IdempotencyCleanupJob.forget(
                      new NamedParameterJdbcTemplate(database.worker()), () -> true));
      await()
          .atMost(SOON)
          .until(
              () ->
                  worker
                      .sql("select count(*) from pg_locks where not granted")
                      .query(Long.class)
                      .single(),
              waiting -> waiting > 0);

      try (var writer = database.worker().getConnection();
          var statement = writer.createStatement()) {
        statement.execute("set lock_timeout = '30s'");
        statement.execute(
            """
            insert into kontor.idempotency (tenant_id, key, fingerprint, answer, position)
            values ('acme', 'key-1', 'f', '{}', 1)
            """);
      }
      other.rollback();
      done.get();
      assertThat(worker.sql("select key from kontor.idempotency").query(String.class).list())
          .containsExactly("key-1");
    }
  }

  @Test
  void aNodeThatStopsForgetsTheRestLater() {
    try (var database = TestDatabase.create()) {
      JdbcClient worker = JdbcClient.create(database.worker());
      worker
          .sql(
              """
              insert into kontor.idempotency
                (tenant_id, key, fingerprint, answer, position, answered_at)
              values ('acme', 'old', 'f', '{}', 1, now() - interval '49 hours')
              """)
          .update();
      IdempotencyCleanupJob.forget(new NamedParameterJdbcTemplate(database.worker()), () -> false);
      assertThat(worker.sql("select key from kontor.idempotency").query(String.class).list())
          .containsExactly("old");
    }
  }
}

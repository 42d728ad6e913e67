package io.kontor.sagas.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.postgres.FreshDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class OldAnswersTest {
  @Test
  void anAnswerIsKeptForTwoDaysAndThatOfAnInboundPaymentForEver() {
    try (var database = FreshDatabase.create()) {
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
      OldAnswers.forget(new NamedParameterJdbcTemplate(database.worker()));
      assertThat(worker.sql("select key from kontor.idempotency").query(String.class).list())
          .containsExactlyInAnyOrder("young", "\u2192payments.inbound/7");
    }
  }
}

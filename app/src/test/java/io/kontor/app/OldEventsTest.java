package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import io.kontor.database.DatabaseLogin;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Events stored by earlier versions, read by the current one. */
class OldEventsTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final long WRITER_LOCK = 0x6b6f6e746f72L;

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);

  @Test
  void anAccountFromBeforeNamesWereSealedIsAnAccountLikeAnyOther() {
    UUID account = UuidCreator.getTimeOrderedEpoch();
    long position = store(account, "account-opened", "account-opened-before-revision-2");
    String path = "/v1/accounts/" + account;

    Answer read = teller.get(path, "Kontor-Min-Position", Long.toString(position)).expect(200);
    assertThat(read.text("owner")).isEqualTo("Ada Lovelace");
    assertThat(read.amount("available")).isEqualTo("50.00");

    Answer deposited = teller.deposit(account.toString(), "10.00").expect(200);
    assertThat(deposited.amount("available")).isEqualTo("60.00");

    JsonNode stored = BANK.auditor(tenant).list("/v1/admin/events?stream=" + account).getFirst();
    assertThat(stored.path("payload").path("owner").asString())
        .as("the stored event")
        .isEqualTo("Ada Lovelace");
    assertThat(stored.path("revision").isNull()).isTrue();

    Answer forgotten = BANK.admin(tenant).send("DELETE", "/v1/admin/data-subjects/cust-1815", null);
    forgotten.expect(204);
    assertThat(teller.getAfter(forgotten, path).text("owner")).isEqualTo("(forgotten)");
  }

  /**
   * Stores a fixture as the first event of a stream, under the writer lock like an older writer.
   */
  private long store(UUID stream, String type, String fixture) {
    DataSource worker = BANK.postgres().dataSource(DatabaseLogin.WORKER);
    JdbcClient sql = JdbcClient.create(worker);
    UUID event = UUID.randomUUID();
    String payload = read(fixture).replace("{stream}", tenant + "/" + stream).strip();
    return new TransactionTemplate(new JdbcTransactionManager(worker))
        .execute(
            status -> {
              sql.sql("select pg_advisory_xact_lock(?)")
                  .param(WRITER_LOCK)
                  .query((row, n) -> n)
                  .single();
              long position =
                  sql.sql("select coalesce(max(position), 0) + 1 from kontor.event")
                      .query(Long.class)
                      .single();
              sql.sql(
                      """
                      insert into kontor.event (position, tenant_id, stream_id, sequence,
                          stream_type, event_id, type, recorded_at, unit_rest, payload, metadata,
                          hash)
                      values (:position, :tenant, :stream, 0, 'Account', :event, :type,
                          timestamptz '2026-01-30T09:00:00Z', 0, :payload::json, '{}', :hash)
                      """)
                  .param("position", position)
                  .param("tenant", tenant)
                  .param("stream", stream)
                  .param("event", event)
                  .param("type", type)
                  .param("payload", payload)
                  .param("hash", hash(position, stream, event, type, payload))
                  .update();
              sql.sql("select pg_notify('kontor_events', ?)")
                  .param(Long.toString(position))
                  .query((row, n) -> n)
                  .single();
              return position;
            });
  }

  /** What chains it to its tenant's beginning. */
  private byte[] hash(long position, UUID stream, UUID event, String type, String payload) {
    return JdbcClient.create(BANK.postgres().dataSource(DatabaseLogin.OWNER))
        .sql(
            """
            select kontor.event_hash(decode(repeat('00', 32), 'hex'),
                row(:position::bigint, :tenant, :stream::uuid, 0, 'Account', :event::uuid, :type,
                    null, timestamptz '2026-01-30T09:00:00Z', 0, :payload::json, '{}'::json,
                    null)::kontor.event)
            """)
        .param("position", position)
        .param("tenant", tenant)
        .param("stream", stream)
        .param("event", event)
        .param("type", type)
        .param("payload", payload)
        .query(byte[].class)
        .single();
  }

  private static String read(String fixture) {
    try (var file = OldEventsTest.class.getResourceAsStream("/events/" + fixture + ".json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

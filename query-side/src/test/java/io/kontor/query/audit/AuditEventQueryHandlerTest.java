package io.kontor.query.audit;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.audit.AuditEvent;
import io.kontor.api.audit.FindEvents;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuditEventQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final UUID ALICE = UUID.randomUUID();
  private static final UUID BOB = UUID.randomUUID();
  private static final UUID FIRST = UUID.randomUUID();
  private static final BranchOffice OFFICE = new BranchOffice();

  private final AuditEventQueryHandler queries =
      new AuditEventQueryHandler(OFFICE.transactions, OFFICE.sql);

  @BeforeAll
  static void store() {
    stored(1, ACME, ALICE, 0, FIRST, "AccountOpened");
    stored(2, GLOBEX, UUID.randomUUID(), 0, UUID.randomUUID(), "AccountOpened");
    stored(3, ACME, BOB, 0, UUID.randomUUID(), "AccountOpened");
    stored(4, ACME, ALICE, 1, UUID.randomUUID(), "MoneyDeposited");
  }

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void anEventIsShownAsItIsStored() {
    AuditEvent event = find(ACME, ALICE, null, 1, 10).getFirst();
    assertThat(event.position()).isEqualTo(1);
    assertThat(event.stream()).isEqualTo(ALICE);
    assertThat(event.streamType()).isEqualTo("Account");
    assertThat(event.sequence()).isZero();
    assertThat(event.id()).isEqualTo(FIRST);
    assertThat(event.type()).isEqualTo("AccountOpened");
    assertThat(event.revision()).isEqualTo("2");
    assertThat(event.recordedAt()).isEqualTo(OPENING);
    assertThat(event.payload().get("reference").asString()).isEqualTo("in");
    assertThat(event.metadata().get("actor").asString()).isEqualTo("alice");
  }

  @Test
  void aTenantsEventsAreListedByPositionWithoutThoseOfOthers() {
    assertThat(find(ACME, null, null, 1, 10))
        .extracting(AuditEvent::position)
        .containsExactly(1L, 3L, 4L);
    assertThat(find(GLOBEX, null, null, 1, 10))
        .extracting(AuditEvent::position)
        .containsExactly(2L);
  }

  @Test
  void thePageBeginsAtThePositionAskedForAndHasAtMostTheLimit() {
    assertThat(find(ACME, null, null, 2, 10))
        .extracting(AuditEvent::position)
        .containsExactly(3L, 4L);
    assertThat(find(ACME, null, null, 1, 2))
        .extracting(AuditEvent::position)
        .containsExactly(1L, 3L);
  }

  @Test
  void oneStreamsOrOneTypesEventsAreListedAlone() {
    assertThat(find(ACME, ALICE, null, 1, 10))
        .extracting(AuditEvent::position)
        .containsExactly(1L, 4L);
    assertThat(find(ACME, null, "AccountOpened", 1, 10))
        .extracting(AuditEvent::position)
        .containsExactly(1L, 3L);
    assertThat(find(ACME, BOB, "MoneyDeposited", 1, 10)).isEmpty();
  }

  private List<AuditEvent> find(TenantId tenant, UUID stream, String type, long from, int limit) {
    return as(tenant, () -> queries.handle(new FindEvents(stream, type, from, limit)));
  }

  private static void stored(
      long position, TenantId tenant, UUID stream, long sequence, UUID id, String type) {
    OFFICE.workerSql.execute(
        """
        insert into kontor.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
          type, revision, recorded_at, unit_rest, payload, metadata, hash)
        values (?, ?, ?, ?, 'Account', ?, ?, '2', ?::timestamptz, 0, '{"reference":"in"}',
          '{"actor":"alice"}', decode(repeat('00', 32), 'hex'))
        """,
        position,
        tenant.value(),
        stream,
        sequence,
        id,
        type,
        OPENING.toString());
  }
}

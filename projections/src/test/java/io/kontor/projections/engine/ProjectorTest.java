package io.kontor.projections.engine;

import static io.kontor.projection.tables.Tables.DEAD_LETTER;
import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;
import static io.kontor.projections.tables.Tables.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.account.AccountEvent;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.write.Projector;
import io.kontor.projections.ProjectionFixture;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.projections.transfer.TransferProjection;
import io.kontor.tenancy.TenantId;
import java.sql.SQLTransientConnectionException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectorTest {
  private static final List<Table<?>> READ_MODELS =
      List.of(ACCOUNT, POSTING, LEDGER_TOTAL, TRANSFER);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFoldedBatchChangesWhatItsEventsChangeOneByOne(long seed) {
    List<EventMessage<?>> events = history(seed);
    try (var folded = new Worker();
        var single = new Worker()) {
      var random = new Random(seed);
      for (int from = 0; from < events.size(); ) {
        int to = Math.min(events.size(), from + 1 + random.nextInt(200));
        takeAll(folded, events.subList(from, to));
        from = to;
      }
      single.transactions.executeInTransaction(
          () -> events.forEach(event -> takeAll(single, List.of(event))));

      for (String tenant : List.of("acme", "globex")) {
        for (Table<?> table : READ_MODELS) {
          assertThat(folded.rows(tenant, table))
              .as("%s of %s", table, tenant)
              .isEqualTo(single.rows(tenant, table))
              .contains("\n" + tenant + ",");
        }
      }
    }
  }

  @Test
  void debitsEqualCreditsInEachEntryAndInTotal() {
    try (var worker = new Worker()) {
      takeAll(worker, history(7));
      var difference =
          worker.transactions.fetchInTransaction(
              () -> {
                as(worker, "acme");
                return worker.sql.fetchSingle(
                    """
                    select (select sum(debits - credits) from kontor.ledger_total) as totals,
                      (select sum(case direction when 'DEBIT' then amount else -amount end)
                       from kontor.posting) as postings,
                      (select count(*) from
                        (select sum(case direction when 'DEBIT' then amount else -amount end)
                         from kontor.posting group by entry_id) entry (difference)
                       where difference <> 0) as unbalanced
                    """);
              });
      assertThat(difference.get("totals", long.class)).isZero();
      assertThat(difference.get("postings", long.class)).isZero();
      assertThat(difference.get("unbalanced", long.class)).isZero();
    }
  }

  @Test
  void aProjectionCannotWriteAnotherTenantsRows() {
    try (var worker = new Worker()) {
      assertThatThrownBy(
              () ->
                  worker.transactions.executeInTransaction(
                      () -> {
                        as(worker, "acme");
                        worker.sql.execute(
                            """
                            insert into kontor.ledger_total
                            values ('globex', 'EUR', 'CASH', date '2026-01-01', 1, 0)
                            """);
                      }))
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void anUpdateOfAMissingRowFails() {
    try (var worker = new Worker()) {
      var bank = new ProjectionFixture("acme", 1);
      bank.deposit(bank.open(), 100);
      List<EventMessage<?>> depositOnly = Worker.tracked(bank.events()).subList(1, 2);
      assertThat(
              worker.transactions.fetchInTransaction(
                  () -> worker.projector(new AccountProjection()).retry(depositOnly)))
          .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("missing"));
    }
  }

  @Test
  void anEventsTimeIsTruncatedToMilliseconds() {
    var bank = new ProjectionFixture("acme", 1);
    bank.open();
    EventMessage<?> event = Worker.tracked(bank.events()).getFirst();
    assertThat(EventContext.of(event).recordedAt())
        .isEqualTo(event.getTimestamp().truncatedTo(ChronoUnit.MILLIS));
  }

  @Test
  void aTransientDatabaseErrorMakesNoDeadLetter() {
    try (var worker = new Worker()) {
      var bank = new ProjectionFixture("acme", 1);
      bank.open();
      Projector<AccountEvent> projector =
          worker.projector(
              spoiled(
                  event -> {
                    throw new IllegalStateException(new SQLTransientConnectionException("gone"));
                  }));
      assertThatThrownBy(() -> worker.take(projector, Worker.tracked(bank.events())))
          .hasRootCauseInstanceOf(SQLTransientConnectionException.class);
      assertThat(parked(worker)).isZero();
    }
  }

  private static List<EventMessage<?>> history(long seed) {
    var acme = new ProjectionFixture("acme", seed);
    var globex = new ProjectionFixture("globex", seed + 100);
    for (int i = 0; i < 5; i++) {
      acme.open();
      globex.open();
    }
    acme.move(200);
    globex.move(100);
    var both = new java.util.ArrayList<>(acme.events());
    // Two tenants' events alternate in the store.
    for (int i = 0; i < globex.events().size(); i++) {
      both.add(Math.min(both.size(), 2 * i), globex.events().get(i));
    }
    return Worker.tracked(both);
  }

  private static void takeAll(Worker worker, List<EventMessage<?>> events) {
    worker.take(worker.projector(new AccountProjection()), events);
    worker.take(worker.projector(new JournalProjection()), events);
    worker.take(worker.projector(new TransferProjection()), events);
    assertThat(parked(worker)).isZero();
  }

  private static Projection<AccountEvent> spoiled(Consumer<AccountEvent> spoiler) {
    return new Spoiled(1, spoiler);
  }

  private static int parked(Worker worker) {
    return worker.sql.fetchCount(DEAD_LETTER);
  }

  private static void as(Worker worker, String tenant) {
    worker.sql.execute("select set_config('kontor.tenant', ?, true)", new TenantId(tenant).value());
  }
}

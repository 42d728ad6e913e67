package io.kontor.projections.engine;

import static io.kontor.projection.tables.Tables.PROJECTION;
import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;
import static io.kontor.projections.tables.Tables.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountId;
import io.kontor.projection.Projection;
import io.kontor.projection.write.PageProjector;
import io.kontor.projections.ProjectionFixture;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.projections.transfer.TransferProjection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All live read models take a batch in one transaction, and none holds up the others. */
class ProjectorGroupTest {
  private static final List<Table<?>> READ_MODELS =
      List.of(ACCOUNT, POSTING, LEDGER_TOTAL, TRANSFER);
  private static final String ACCOUNTS = "accounts";

  private final Worker worker = new Worker();
  private Consumer<AccountEvent> spoiler = event -> {};
  private final Projection<?> accounts = new Spoiled(1, event -> spoiler.accept(event));
  private final List<Projection<?>> all =
      List.of(accounts, new JournalProjection(), new TransferProjection());
  private final ProjectionFixture acme = new ProjectionFixture("acme", 1);
  private int stored;

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void oneTransactionTakesABatchIntoAllReadModels() {
    LiveBatches live = new LiveBatches(worker, all);
    acme.open();
    acme.open();
    acme.move(50);
    assertThat(live.takeTogether(store())).isEmpty();
    assertThat(worker.sql.fetch("select distinct xmin::text from kontor.projection")).hasSize(1);
    assertThat(positions().values()).containsOnly(worker.pages().head());
  }

  @Test
  void aProjectionThatFailsOnAnEventLeavesTheOthersTheirs() {
    LiveBatches live = new LiveBatches(worker, all);
    AccountId poisoned = acme.open();
    live.take(store());
    spoiler = poison(66);
    acme.deposit(poisoned, 66);
    AccountId healthy = acme.open();
    acme.deposit(healthy, 10);
    List<EventMessage<?>> batch = store();

    assertThat(live.takeTogether(batch)).containsExactly(ACCOUNTS);
    long head = worker.pages().head();
    assertThat(positions())
        .containsEntry(ACCOUNTS, 1L)
        .containsEntry("journal", head)
        .containsEntry("transfers", head);
    assertThat(worker.rows("acme", POSTING).lines()).hasSize(1 + 4);
    assertThat(worker.rows("acme", ACCOUNT).lines()).hasSize(1 + 1);

    live.take(batch);
    assertThat(worker.deadLetters(ACCOUNTS).among(java.util.Set.of(poisoned.toString())))
        .hasSize(1);
    acme.deposit(poisoned, 1);
    acme.deposit(healthy, 1);
    assertThat(live.takeTogether(store())).as("with the parked stream's follower").isEmpty();
    assertThat(worker.rows("acme", ACCOUNT)).contains(",11,");
    assertThat(positions().values()).containsOnly(worker.pages().head());
  }

  @Test
  void aProjectionThatTheDatabaseRefusesLeavesTheOthersTheirs() {
    LiveBatches live = new LiveBatches(worker, all);
    AccountId account = acme.open();
    stored = 1; // the account is missing in the read model
    acme.deposit(account, 5);
    assertThat(live.takeTogether(store())).containsExactly(ACCOUNTS);
    assertThat(worker.rows("acme", POSTING).lines()).hasSize(1 + 2);
    assertThat(positions()).containsEntry(ACCOUNTS, 0L).containsEntry("journal", 1L);
  }

  @Test
  void aProjectionThatMissesEarlierEventsTakesNoneUntilItHasThem() {
    LiveBatches others = new LiveBatches(worker, all.subList(1, 3));
    acme.open();
    acme.open();
    acme.move(20);
    others.take(store());
    LiveBatches live = new LiveBatches(worker, all);
    acme.move(20);
    List<EventMessage<?>> batch = store();
    assertThat(live.takeTogether(batch)).containsExactly(ACCOUNTS);
    assertThat(worker.rows("acme", ACCOUNT).lines()).hasSize(1);

    live.take(batch);
    acme.move(20);
    assertThat(live.takeTogether(store())).isEmpty();
    assertSameAsInOneBatch();
  }

  @Test
  void aProjectionThatIsAheadTakesOnlyWhatItMisses() {
    LiveBatches live = new LiveBatches(worker, all);
    acme.open();
    acme.open();
    acme.move(40);
    List<EventMessage<?>> batch = store();
    var ahead = new PageProjector(all.get(1), worker.asProcessor(), worker.pages());
    worker.transactions.executeInTransaction(() -> ahead.advance(17, 1_000));
    assertThat(live.takeTogether(batch)).isEmpty();
    assertThat(live.takeTogether(batch)).as("once more").isEmpty();
    assertSameAsInOneBatch();
  }

  @Test
  void aProjectionThatASwapHoldsIsNotWaitedFor() throws SQLException {
    LiveBatches live = new LiveBatches(worker, all);
    acme.open();
    List<EventMessage<?>> batch = store();
    try (var swap = worker.database.worker().getConnection()) {
      swap.setAutoCommit(false);
      swap.createStatement()
          .execute("select from kontor.projection where name = 'journal' for update");
      assertThat(live.takeTogether(batch)).containsExactly("journal");
      var page = new PageProjector(all.get(1), worker.asProcessor(), worker.pages());
      assertThat(worker.transactions.fetchInTransaction(() -> page.advance(1, 10))).isEmpty();
      swap.rollback();
    }
    live.take(batch);
    assertThat(positions().values()).containsOnly(1L);
  }

  @Test
  void anUnavailableDatabaseIsNoProjectionsFault() {
    LiveBatches live = new LiveBatches(worker, all);
    acme.open();
    spoiler =
        event -> {
          throw new IllegalStateException(new SQLTransientConnectionException("gone"));
        };
    List<EventMessage<?>> batch = store();
    assertThatThrownBy(() -> live.takeTogether(batch))
        .hasRootCauseInstanceOf(SQLTransientConnectionException.class);
    assertThat(positions().values()).containsOnly(0L);
  }

  private static Consumer<AccountEvent> poison(long balance) {
    return event -> {
      if (event instanceof MoneyDeposited deposited
          && deposited.balance().minorUnits() == balance) {
        throw new IllegalArgumentException("poison");
      }
    };
  }

  private void assertSameAsInOneBatch() {
    try (var other = new Worker()) {
      new LiveBatches(other, all).takeTogether(other.store(acme.events()));
      for (Table<?> table : READ_MODELS) {
        assertThat(worker.rows("acme", table)).isEqualTo(other.rows("acme", table));
      }
    }
  }

  private List<EventMessage<?>> store() {
    var fresh = acme.events().subList(stored, acme.events().size());
    stored = acme.events().size();
    return worker.store(fresh);
  }

  private Map<String, Long> positions() {
    return worker.sql.selectFrom(PROJECTION).fetchMap(PROJECTION.NAME, PROJECTION.POSITION);
  }
}

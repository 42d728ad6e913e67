package io.kontor.projections.engine;

import static io.kontor.projection.tables.Tables.PROJECTION;
import static io.kontor.projections.tables.Tables.ACCOUNT;
import static io.kontor.projections.tables.Tables.LEDGER_TOTAL;
import static io.kontor.projections.tables.Tables.POSTING;
import static io.kontor.projections.tables.Tables.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.ReadModelReplay;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.Rebuild.Phase;
import io.kontor.projection.rebuild.Rebuild.State;
import io.kontor.projection.rebuild.RebuildRejectedException;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projections.ProjectionFixture;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.projections.transfer.TransferProjection;
import io.kontor.tenancy.TenantId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.jooq.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebuildTest {
  private static final List<Table<?>> TABLES = List.of(ACCOUNT, POSTING, LEDGER_TOTAL, TRANSFER);
  private static final List<Projection<?>> ALL =
      List.of(new AccountProjection(), new JournalProjection(), new TransferProjection());
  private static final List<String> NAMES = List.of("accounts", "journal", "transfers");

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Worker worker = new Worker();
  private final LiveBatches live = new LiveBatches(worker, ALL);
  private final RebuildService rebuilds = worker.rebuilds(ALL);
  private final ProjectionFixture acme = new ProjectionFixture("acme", 1);
  private final ProjectionFixture globex = new ProjectionFixture("globex", 2);

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void aRebuildProducesTheRowsOfTheLiveBatches() {
    history();
    Map<String, String> before = rows();
    String indexes = indexes();

    Rebuild done = rebuilt(NAMES, null);

    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(done.processed()).isEqualTo(done.total());
    assertThat(rows()).isEqualTo(before);
    assertThat(indexes()).isEqualTo(indexes);
    assertThat(generations()).containsOnly(2);
    live.take(worker.store(moved(acme, 50)));
    assertThat(rows()).as("what came after").isEqualTo(afresh());
  }

  @Test
  void aRebuildRepairsDamagedRows() {
    history();
    Map<String, String> before = rows();
    damage("acme");
    assertThat(rows()).isNotEqualTo(before);

    rebuilt(NAMES, null);

    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void liveBatchesContinueDuringARebuildAndNoEventIsProjectedTwice() throws Exception {
    history();
    var done = new AtomicBoolean();
    var reads = new AtomicInteger();
    CompletableFuture<Void> batches =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                live.take(worker.store(moved(acme, 5)));
              }
            },
            Thread::startVirtualThread);
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              int least = 0;
              while (!done.get()) {
                int now = postings();
                assertThat(now).isGreaterThanOrEqualTo(least);
                least = now;
                reads.incrementAndGet();
              }
            },
            Thread::startVirtualThread);
    try {
      for (int n = 0; n < 4; n++) {
        assertThat(rebuilt(NAMES, null).state()).isEqualTo(State.DONE);
      }
    } finally {
      done.set(true);
    }
    batches.get();
    reader.get();
    // The last swap may have kept the last batches out; the next one brings what was left out.
    live.take(worker.store(moved(acme, 1)));

    assertThat(reads).hasPositiveValue();
    assertThat(generations()).containsOnly(5);
    assertThat(rows()).isEqualTo(afresh());
  }

  @Test
  void aTenantsRebuildReplacesItsRowsOnly() {
    history();
    Map<String, String> before = rows();
    damage("acme");
    damage("globex");
    String others = worker.rows("globex", ACCOUNT);

    Rebuild done = rebuilt(NAMES, new TenantId("acme"));

    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(worker.rows("acme", ACCOUNT)).isEqualTo(before.get("acme account"));
    assertThat(worker.rows("acme", LEDGER_TOTAL)).isEqualTo(before.get("acme ledger_total"));
    assertThat(worker.rows("globex", ACCOUNT)).isEqualTo(others);
    assertThat(generations()).containsOnly(1);
    live.take(worker.store(moved(acme, 50)));
    rebuilt(NAMES, new TenantId("globex"));
    assertThat(rows()).isEqualTo(afresh());
  }

  /** Live projections have different positions when a tenant's rows are replaced. */
  @Test
  void aTenantsRebuildBringsAllLiveRowsToItsPosition() {
    history();
    List<EventMessage<?>> late = worker.store(moved(acme, 40));
    new LiveBatches(worker, ALL.subList(0, 1)).take(late);

    rebuilt(NAMES, new TenantId("acme"));
    assertThat(positions()).containsOnly(worker.pages().head());
    live.take(late);

    assertThat(rows()).isEqualTo(afresh());
  }

  @Test
  void aRollbackRestoresThePreviousGenerationCaughtUp() {
    history();
    rebuilt(NAMES, null);
    damage("acme");
    live.take(worker.store(moved(acme, 30)));

    for (String name : List.of("accounts", "journal")) {
      rebuilds.work(rebuilds.requestRollback(name, null).id());
    }

    assertThat(rows()).isEqualTo(afresh());
    assertThat(generations()).containsExactly(1, 1, 2);
    assertThat(rebuilt(List.of("accounts"), null).state()).isEqualTo(State.DONE);
    assertThat(generations()).containsExactly(3, 1, 2);
  }

  @Test
  void aRollbackWithoutAPreviousGenerationIsRejected() {
    assertThatThrownBy(() -> rebuilds.requestRollback("accounts", null))
        .isInstanceOf(RebuildRejectedException.class)
        .hasMessage("accounts has no previous generation");
  }

  @Test
  void anAbortedRebuildLeavesNothingBehind() {
    history();
    Map<String, String> before = rows();
    var id = new AtomicReference<UUID>();
    RebuildService aborted = at(100, () -> rebuilds.abort(id.get()));
    id.set(aborted.request(List.of("accounts"), null, null).id());

    aborted.work(id.get());

    assertThat(rebuilds.find(id.get()).orElseThrow().state()).isEqualTo(State.ABORTED);
    assertThat(rows()).isEqualTo(before);
    assertThat(tablesIn("kontor_next")).isEmpty();
    assertThat(generations()).containsOnly(1);
  }

  @Test
  void aFailedRebuildRecordsItsCauseAndKeepsTheLiveGeneration() {
    history();
    Map<String, String> before = rows();
    worker.sql.execute("select kontor.drop_generation('kontor_next', '{account}')");
    RebuildService failing =
        at(
            100,
            () -> {
              throw new NotAnException();
            });
    UUID id = failing.request(List.of("accounts"), null, null).id();

    assertThatThrownBy(() -> failing.work(id)).isInstanceOf(NotAnException.class);

    assertThat(rows()).isEqualTo(before);
    assertThat(rebuilds.work(id)).as("goes on").isTrue();
    assertThat(rebuilds.find(id).orElseThrow().state()).isEqualTo(State.DONE);
    assertThat(rows()).isEqualTo(before);
  }

  /** Simulates a crash: no code handles this error. */
  private static final class NotAnException extends Error {}

  @Test
  void anInterruptedRebuildIsResumed() {
    history();
    Map<String, String> before = rows();
    var ending = new AtomicReference<RebuildService>();
    ending.set(at(120, () -> ending.get().stop()));
    UUID id = ending.get().request(List.of("accounts"), null, null).id();
    ending.get().work(id);

    Rebuild halfway = rebuilds.find(id).orElseThrow();
    assertThat(halfway.state()).isEqualTo(State.RUNNING);
    assertThat(halfway.phase()).isEqualTo(Phase.FILL);
    assertThat(halfway.processed()).isBetween(1L, halfway.total() - 1);
    assertThat(tablesIn("kontor_next")).containsExactly("account");
    assertIsolated("kontor_next");

    AtomicInteger taken = new AtomicInteger();
    RebuildService next =
        worker.rebuilds(List.of(new Spoiled(1, event -> taken.incrementAndGet())));
    assertThat(next.work(id)).isTrue();

    assertThat(taken.get()).isLessThanOrEqualTo((int) (halfway.total() - halfway.processed()));
    assertThat(rebuilds.find(id).orElseThrow().state()).isEqualTo(State.DONE);
    assertThat(rows()).isEqualTo(before);
    assertIsolated("kontor_previous");
    assertIsolated("kontor");
  }

  @Test
  void oneProcessAtATimeRebuildsAProjection() {
    history();
    var second = new AtomicReference<Boolean>();
    var id = new AtomicReference<UUID>();
    RebuildService first =
        at(
            100,
            () -> {
              second.set(rebuilds.work(id.get()));
              assertThatThrownBy(() -> rebuilds.request(List.of("accounts"), null, null))
                  .isInstanceOf(RebuildRejectedException.class);
            });
    id.set(first.request(List.of("accounts"), null, null).id());

    assertThat(first.work(id.get())).isTrue();

    assertThat(second.get()).isFalse();
    assertThat(rebuilds.find(id.get()).orElseThrow().state()).isEqualTo(State.DONE);
  }

  @Test
  void aRebuildRetriesDeadLettersAndKeepsThoseThatStillFail() {
    var account = acme.open();
    acme.deposit(account, 66);
    var healthy = acme.open();
    acme.deposit(healthy, 10);
    acme.deposit(account, 1);
    var poison = new AtomicBoolean(true);
    var projection =
        new Spoiled(
            1,
            event -> {
              if (poison.get()
                  && event instanceof MoneyDeposited deposited
                  && deposited.amount().minorUnits() == 66) {
                throw new IllegalArgumentException("poison");
              }
            });
    new LiveBatches(worker, List.of(projection)).take(worker.store(taken(acme)));
    assertThat(worker.deadLetters("accounts").among(java.util.Set.of(account.toString())))
        .hasSize(1);

    RebuildService here = worker.rebuilds(List.of(projection));
    here.work(here.request(List.of("accounts"), null, null).id());
    assertThat(parkedEvents()).as("still poisonous").isEqualTo(2);
    assertThat(worker.rows("acme", ACCOUNT)).contains(",10,");

    poison.set(false);
    here.work(here.request(List.of("accounts"), null, null).id());
    assertThat(parkedEvents()).isZero();
    assertThat(worker.rows("acme", ACCOUNT)).contains(",67,");
  }

  @Test
  void aNewVersionIsBuiltWhileTheOldGenerationServes() {
    history();
    Map<String, String> before = rows();
    RebuildService newer = worker.rebuilds(List.of(new Spoiled(2, event -> {})));
    newer.start();
    try {
      await().until(() -> generations().contains(2));
    } finally {
      newer.stop();
    }
    assertThat(rows()).isEqualTo(before);
    assertThat(worker.sql.selectFrom(PROJECTION).orderBy(PROJECTION.NAME).fetch(PROJECTION.VERSION))
        .containsExactly(2, 1, 1);
    assertThatThrownBy(() -> newer.requestRollback("accounts", null))
        .isInstanceOf(RebuildRejectedException.class)
        .hasMessageContaining("version 1");
  }

  /** The rebuild is requested repeatedly, not only at startup. */
  @Test
  void aNewVersionIsBuiltAfterATenantsRunningRebuild() {
    history();
    Map<String, String> before = rows();
    UUID tenants = rebuilds.request(List.of("accounts"), new TenantId("acme"), null).id();
    RebuildService newer = worker.rebuilds(List.of(new Spoiled(2, event -> {})));
    newer.start();
    try {
      await().atMost(SOON).until(() -> generations().contains(2));
    } finally {
      newer.stop();
    }
    assertThat(rebuilds.find(tenants).orElseThrow().state()).isEqualTo(State.DONE);
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void aRebuildWaitsForAnotherTenantsRebuild() {
    history();
    damage("acme");
    damage("globex");
    UUID first = rebuilds.request(NAMES, new TenantId("acme"), null).id();
    UUID second = rebuilds.request(NAMES, new TenantId("globex"), null).id();
    assertThatThrownBy(() -> rebuilds.request(NAMES, new TenantId("globex"), null))
        .isInstanceOf(RebuildRejectedException.class);
    UUID everyones = rebuilds.request(NAMES, null, null).id();

    assertThat(rebuilds.work(everyones)).isTrue();

    for (UUID id : List.of(first, second, everyones)) {
      assertThat(rebuilds.find(id).orElseThrow().state()).isEqualTo(State.DONE);
    }
    assertThat(rows()).isEqualTo(afresh());
  }

  /** The batches of all tenants wait while a tenant's rows are replaced. */
  @Test
  void aTenantsRebuildIsLimitedInSizeAndFrequency() {
    history();
    var acme = new TenantId("acme");
    RebuildService careful = worker.rebuilds(ALL, 10, Duration.ZERO);
    assertThatThrownBy(() -> careful.request(NAMES, acme, null))
        .isInstanceOf(RebuildRejectedException.class)
        .hasMessageContaining("more than 10 events");
    careful.work(careful.request(NAMES, null, null).id());

    RebuildService slow = worker.rebuilds(ALL, 5_000, Duration.ofHours(1));
    slow.work(slow.request(NAMES, acme, null).id());
    assertThatThrownBy(() -> slow.request(List.of("journal"), acme, null))
        .isInstanceOf(RebuildRejectedException.class)
        .hasMessageContaining("less than 3600 seconds ago");
    slow.request(NAMES, new TenantId("globex"), null);
  }

  @Test
  void viewsReadTheLiveGeneration() {
    history();
    int before = historyLines();
    rebuilt(NAMES, null);
    worker.transactions.executeInTransaction(
        () -> worker.sql.execute("select kontor.drop_generation('kontor_previous', '{posting}')"));
    assertThat(historyLines()).isEqualTo(before).isPositive();
    assertIsolated("kontor");
  }

  @Test
  void aReplayShowsAReadModelAsOfAPosition() {
    history();
    String before = worker.rows("acme", ACCOUNT);
    long then = worker.pages().head();
    live.take(worker.store(moved(acme, 50)));
    assertThat(worker.rows("acme", ACCOUNT)).isNotEqualTo(before);

    var replay = new ReadModelReplay(ALL, worker.asProcessor(), worker.pages());
    long reached = replay.run(null, then, position -> {});

    assertThat(reached).isEqualTo(then);
    assertThat(replay.rows(new TenantId("acme")).get("account").formatCSV()).isEqualTo(before);
    assertIsolated("kontor_scratch");
    replay.drop();
    assertThat(tablesIn("kontor_scratch")).isEmpty();
  }

  @Test
  void nothingButAReadModelCanBeSwapped() {
    for (String table : List.of("event", "tenant", "token", "dead_letter", "rebuild")) {
      assertThatThrownBy(
              () ->
                  worker.sql.execute(
                      "select kontor.create_generation('kontor_next', array[?])", table))
          .rootCause()
          .hasMessageContaining("is not a read model");
    }
    assertThatThrownBy(
            () -> worker.sql.execute("select kontor.drop_generation('kontor', '{account}')"))
        .rootCause()
        .hasMessageContaining("no generation lives in kontor");
  }

  @Test
  void aRequestReachesTheLiveGenerationOnly() throws SQLException {
    history();
    rebuilt(NAMES, null);
    try (var app = worker.database.app().getConnection();
        var statement = app.createStatement()) {
      statement.execute("select set_config('kontor.tenant', 'acme', false)");
      try (var rows = statement.executeQuery("select count(*) from kontor.account")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isPositive();
      }
      for (String denied :
          List.of(
              "select * from kontor_previous.account",
              "select kontor.swap_generation('kontor_previous', '{account}')",
              "update kontor.projection set position = 0")) {
        assertThatThrownBy(() -> statement.execute(denied)).hasMessageContaining("denied");
      }
    }
  }

  /** Random events of two tenants' accounts, projected live in batches. */
  private void history() {
    for (ProjectionFixture bank : List.of(acme, globex)) {
      for (int n = 0; n < 5; n++) {
        bank.open();
      }
      bank.move(300);
    }
    List<DomainEventMessage<?>> events = new ArrayList<>(taken(acme));
    events.addAll(taken(globex));
    List<EventMessage<?>> stored = worker.store(events);
    live.take(stored);
  }

  private final Map<ProjectionFixture, Integer> taken = new HashMap<>();

  /** A bank's events since the last call. */
  private List<DomainEventMessage<?>> taken(ProjectionFixture bank) {
    int from = taken.getOrDefault(bank, 0);
    taken.put(bank, bank.events().size());
    return List.copyOf(bank.events().subList(from, bank.events().size()));
  }

  private List<DomainEventMessage<?>> moved(ProjectionFixture bank, int times) {
    bank.move(times);
    return taken(bank);
  }

  private Rebuild rebuilt(List<String> names, TenantId tenant) {
    UUID id = rebuilds.request(names, tenant, null).id();
    rebuilds.work(id);
    return rebuilds.find(id).orElseThrow();
  }

  /** Rebuilds of the accounts that run an action at the n-th event. */
  private RebuildService at(int n, Runnable what) {
    var count = new AtomicInteger();
    return worker.rebuilds(
        List.of(
            new Spoiled(
                1,
                event -> {
                  if (count.incrementAndGet() == n) {
                    what.run();
                  }
                })));
  }

  private Map<String, String> rows() {
    var rows = new TreeMap<String, String>();
    for (String tenant : List.of("acme", "globex")) {
      TABLES.forEach(table -> rows.put(tenant + " " + table.getName(), worker.rows(tenant, table)));
    }
    return rows;
  }

  /** The rows that all events produce from empty tables. */
  private Map<String, String> afresh() {
    var replay = new ReadModelReplay(ALL, worker.asProcessor(), worker.pages());
    replay.run(null, worker.pages().head(), position -> {});
    var rows = new TreeMap<String, String>();
    for (String tenant : List.of("acme", "globex")) {
      var ofTenant =
          worker.transactions.fetchInTransaction(
              () -> {
                worker.sql.execute("select set_config('kontor.tenant', ?, true)", tenant);
                var tables = new TreeMap<String, String>();
                TABLES.forEach(
                    table ->
                        tables.put(
                            tenant + " " + table.getName(),
                            worker
                                .asProcessor()
                                .in(GenerationSchema.SCRATCH)
                                .selectFrom(table)
                                .orderBy(table.getPrimaryKey().getFields())
                                .fetch()
                                .formatCSV()));
                return tables;
              });
      rows.putAll(ofTenant);
    }
    return rows;
  }

  private void damage(String tenant) {
    worker.transactions.executeInTransaction(
        () -> {
          worker.sql.execute("select set_config('kontor.tenant', ?, true)", tenant);
          worker.sql.update(ACCOUNT).set(ACCOUNT.BALANCE, 1_000_000_000L).execute();
          worker.sql.execute("update kontor.ledger_total set debits = debits + 1");
        });
  }

  private int postings() {
    return worker.transactions.fetchInTransaction(
        () -> {
          worker.sql.execute("select set_config('kontor.tenant', 'acme', true)");
          return worker.sql.fetchCount(POSTING);
        });
  }

  private int historyLines() {
    return worker.transactions.fetchInTransaction(
        () -> {
          try (var app = worker.database.app().getConnection();
              var statement = app.createStatement()) {
            statement.execute("select set_config('kontor.tenant', 'acme', false)");
            var rows = statement.executeQuery("select count(*) from kontor.balance_history");
            rows.next();
            return rows.getInt(1);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private int parkedEvents() {
    return worker
        .sql
        .fetchSingle(
            "select coalesce(sum(1 + followers), 0) from kontor.dead_letter"
                + " where processing_group = 'accounts'")
        .get(0, Integer.class);
  }

  private List<Integer> generations() {
    return worker.sql.selectFrom(PROJECTION).orderBy(PROJECTION.NAME).fetch(PROJECTION.GENERATION);
  }

  private List<Long> positions() {
    return worker.sql.selectFrom(PROJECTION).fetch(PROJECTION.POSITION);
  }

  private List<String> tablesIn(String schema) {
    return worker
        .sql
        .fetch("select tablename from pg_tables where schemaname = ? order by 1", schema)
        .map(row -> row.get(0, String.class));
  }

  private String indexes() {
    return worker
        .sql
        .fetch(
            """
            select indexname, indexdef from pg_indexes
            where schemaname = 'kontor' and tablename = any (?) order by 1
            """,
            (Object) TABLES.stream().map(Table::getName).toArray(String[]::new))
        .formatCSV();
  }

  /** Row-level security is on and forced, with the tenant's policy and no other. */
  private void assertIsolated(String schema) {
    var open =
        worker.sql.fetch(
            """
            select c.relname from pg_class c
            where c.relnamespace = ?::regnamespace and c.relname = any (?)
              and not (c.relrowsecurity and c.relforcerowsecurity
                and (select count(*) from pg_policy p where p.polrelid = c.oid) = 1
                and (select count(*) from pg_policy p where p.polrelid = c.oid
                      and p.polname = 'tenant_isolation') = 1)
            union all
            select c.relname from pg_class c
            where c.relnamespace = ?::regnamespace and c.relkind = 'v'
              and not 'security_invoker=true' = any (c.reloptions)
            """,
            schema,
            TABLES.stream().map(Table::getName).toArray(String[]::new),
            schema);
    assertThat(open.map(row -> row.get(0, String.class))).isEmpty();
  }

  @Test
  void anUnknownProjectionIsRejectedAndAnUnknownRebuildNotFound() {
    assertThatThrownBy(() -> rebuilds.request(List.of("accounts", "nonsense"), null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no such projection");
    assertThat(rebuilds.find(UUID.randomUUID())).isEmpty();
    assertThat(rebuilds.abort(UUID.randomUUID())).isFalse();
    assertThat(AccountProjection.NAME).isIn(rebuilds.names());
  }
}

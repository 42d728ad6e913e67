package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.projection.Projection;
import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.live.ProjectionStatus;
import io.kontor.projection.live.ReadModelBehindException;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projections.ProjectionFixture;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.projections.transfer.TransferProjection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProjectionRunnerTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<Projection<?>> ALL =
      List.of(new AccountProjection(), new JournalProjection(), new TransferProjection());

  private final Worker worker = new Worker();
  private final EmbeddedEventStore events =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine(1)).build();
  private final ProjectionRunner engine = engine();
  private final ReadModelPositions readModels = engine.readModels(requests());

  @AfterEach
  void stop() {
    engine.stop();
    worker.close();
  }

  @Test
  void awaitReturnsOnceTheProjectionHasReachedThePosition() {
    engine.start();
    var bank = new ProjectionFixture("acme", 1);
    bank.open();
    bank.open();
    bank.move(500);
    events.publish(bank.events());

    long head = readModels.head();
    readModels.await(AccountProjection.NAME, head, SOON);
    assertThat(worker.rows("acme", ACCOUNT).lines()).hasSize(3);
    readModels.await(JournalProjection.NAME, head, SOON);
    readModels.await(TransferProjection.NAME, head, SOON);
    assertThat(readModels.status())
        .extracting(ProjectionStatus::name, ProjectionStatus::lag, ProjectionStatus::failing)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("accounts", 0L, false),
            org.assertj.core.groups.Tuple.tuple("journal", 0L, false),
            org.assertj.core.groups.Tuple.tuple("transfers", 0L, false));
  }

  @Test
  void awaitFailsWhenThePositionIsNotReachedInTime() {
    engine.start();
    assertThatThrownBy(
            () -> readModels.await(AccountProjection.NAME, 1_000_000, Duration.ofMillis(100)))
        .isInstanceOf(ReadModelBehindException.class);
  }

  @Test
  void awaitFailsAtOnceForAPositionFarBeyondTheHead() {
    engine.start();
    var queries = new AtomicInteger();
    ReadModelPositions counted = engine.readModels(counting(queries));
    assertThatThrownBy(
            () -> counted.await(AccountProjection.NAME, 999_999_999_999L, Duration.ofDays(1)))
        .isInstanceOf(ReadModelBehindException.class);
    assertThatThrownBy(() -> counted.awaitStored(999_999_999_999L, Duration.ofDays(1)))
        .isInstanceOf(ReadModelBehindException.class);
    assertThat(queries).hasValue(0);
  }

  /** Polling is shared: separately each reader would poll twenty times a second. */
  @Test
  void hundredsOfWaitersShareOnePoll() throws Exception {
    engine.start();
    var queries = new AtomicInteger();
    ReadModelPositions counted = engine.readModels(counting(queries));
    long begun = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 500; n++) {
        threads.execute(
            () -> {
              try {
                counted.await(AccountProjection.NAME, 100, Duration.ofSeconds(3));
              } catch (ReadModelBehindException behind) {
                // no event arrives
              }
            });
      }
    }
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    assertThat(queries.get()).isBetween(1, (int) (millis / 50) + 2);
  }

  @Test
  void allWaitersSeeTheProgressOfAnotherNode() throws Exception {
    var waiting = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 50; n++) {
        long position = 1L + n % 3;
        threads.execute(
            () -> {
              readModels.await(AccountProjection.NAME, position, SOON);
              waiting.incrementAndGet();
            });
      }
      ProjectionRunner another = engine();
      another.start();
      try {
        var bank = new ProjectionFixture("acme", 1);
        bank.open();
        bank.open();
        bank.open();
        events.publish(bank.events());
        await().atMost(SOON).until(() -> waiting.get() == 50);
      } finally {
        another.stop();
      }
    }
  }

  private DSLContext counting(AtomicInteger queries) {
    var configuration =
        new DefaultConfiguration()
            .set(SQLDialect.POSTGRES)
            .set(worker.database.app())
            .set(ExecuteListener.onExecuteStart(context -> queries.incrementAndGet()));
    return DSL.using(configuration);
  }

  @Test
  void aRestartedRunnerContinuesAtItsCheckpoint() {
    var bank = new ProjectionFixture("acme", 1);
    bank.open();
    events.publish(bank.events());
    engine.start();
    readModels.await(AccountProjection.NAME, readModels.head(), SOON);
    engine.stop();

    ProjectionRunner next = engine();
    next.start();
    try {
      var more = new ProjectionFixture("acme", 2);
      more.open();
      events.publish(more.events());
      await().atMost(SOON).until(() -> worker.rows("acme", ACCOUNT).lines().count() == 3);
      assertThat(readModels.status()).allSatisfy(status -> assertThat(status.parked()).isZero());
    } finally {
      next.stop();
    }
  }

  @Test
  void aProjectionThatIsAddedLaterIsBroughtLevelWithTheOthers() {
    ProjectionRunner before = engine(ALL.subList(1, 3));
    before.start();
    var bank = new ProjectionFixture("acme", 1);
    var account = bank.open();
    for (int n = 0; n < 300; n++) {
      bank.deposit(account, 1);
    }
    publish(bank.events());
    before.readModels(requests()).await(JournalProjection.NAME, 301, SOON);
    before.stop();

    engine.start();
    readModels.await(AccountProjection.NAME, 301, SOON);
    assertThat(worker.rows("acme", ACCOUNT)).contains(",300,");
    bank.deposit(account, 1);
    publish(bank.events().subList(301, 302));
    readModels.await(AccountProjection.NAME, 302, SOON);
    assertThat(worker.rows("acme", ACCOUNT)).contains(",301,");
  }

  @Test
  void afterAnUpgradeReadModelsContinueWhereTheirOwnProcessorsStopped() {
    var bank = new ProjectionFixture("acme", 1);
    var account = bank.open();
    bank.deposit(account, 5);
    bank.deposit(account, 5);
    List<EventMessage<?>> stored = publish(bank.events());
    new LiveBatches(worker, ALL).take(stored.subList(0, 2));
    new LiveBatches(worker, ALL.subList(1, 2)).take(stored.subList(2, 3));

    engine.start();
    for (Projection<?> projection : ALL) {
      readModels.await(projection.name(), 3, SOON);
    }
    assertThat(worker.rows("acme", ACCOUNT)).contains(",10,");
    assertThat(token()).isEqualTo("3");
  }

  @Test
  void anEventThatOneProjectionFailsOnIsParkedWhileTheOthersContinue() {
    var bank = new ProjectionFixture("acme", 1);
    var account = bank.open();
    bank.deposit(account, 5);
    Projection<?> failing =
        new Spoiled(
            1,
            event -> {
              if (event instanceof MoneyDeposited) {
                throw new IllegalArgumentException("poison");
              }
            });
    ProjectionRunner runner = engine(List.of(failing, ALL.get(1), ALL.get(2)));
    runner.start();
    try {
      publish(bank.events());
      ReadModelPositions positions = runner.readModels(requests());
      positions.await(JournalProjection.NAME, 2, SOON);
      positions.await(AccountProjection.NAME, 2, SOON);
      assertThat(positions.status())
          .extracting(ProjectionStatus::parked, ProjectionStatus::failing)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(1L, false),
              org.assertj.core.groups.Tuple.tuple(0L, false),
              org.assertj.core.groups.Tuple.tuple(0L, false));
    } finally {
      runner.stop();
    }
  }

  private String token() {
    return worker
        .sql
        .fetchSingle(
            "select token::jsonb ->> 'globalIndex' from kontor.token where processor = ?",
            ProjectionRunner.PROCESSOR)
        .get(0, String.class);
  }

  /** Into the store that the runner follows and into the event table. */
  private List<EventMessage<?>> publish(List<? extends DomainEventMessage<?>> some) {
    List<EventMessage<?>> stored = worker.store(some);
    events.publish(some);
    return stored;
  }

  private DSLContext requests() {
    return DSL.using(worker.database.app(), SQLDialect.POSTGRES);
  }

  private ProjectionRunner engine() {
    return engine(ALL);
  }

  private ProjectionRunner engine(List<Projection<?>> projections) {
    return new ProjectionRunner(
        projections,
        events,
        worker.tokens(),
        worker.asProcessor(),
        100,
        worker.rebuilds(projections),
        true);
  }
}

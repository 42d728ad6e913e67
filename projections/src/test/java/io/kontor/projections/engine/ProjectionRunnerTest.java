package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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

  private final Worker worker = new Worker();
  private final EmbeddedEventStore events =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine(1)).build();
  private final ProjectionRunner engine = engine();
  private final ReadModelPositions readModels =
      engine.readModels(DSL.using(worker.database.app(), SQLDialect.POSTGRES));

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

  private ProjectionRunner engine() {
    List<Projection<?>> projections =
        List.of(new AccountProjection(), new JournalProjection(), new TransferProjection());
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

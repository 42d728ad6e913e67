package io.kontor.eventstore.axonserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.Counter;
import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.BelowZero;
import io.kontor.eventstore.Counter.Get;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.event.StoreFailureReason;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.idempotency.IdempotencyRecord;
import io.kontor.eventstore.idempotency.RequestAnswered;
import io.kontor.eventstore.read.EventReader;
import io.kontor.eventstore.subscription.TokenPositions;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.testsupport.TcpProxy;
import io.kontor.testsupport.TestAxonServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

/** The event store's guarantees with a real Axon Server; skipped without one. */
@Timeout(60)
@Tag("system")
class AxonServerStoreTest {
  private final TenantId tenant = new TenantId("t-" + UUID.randomUUID());
  private String address;
  private AxonServerNode one;
  private AxonServerNode other;

  @BeforeEach
  void start() {
    address = TestAxonServer.address();
    one = new AxonServerNode(address, tenant);
    other = new AxonServerNode(address, tenant);
  }

  @AfterEach
  void stop() {
    if (one != null) {
      one.close();
      other.close();
    }
  }

  @Test
  void twoNodesThatDecideOnOneStreamLoseNothing() throws Exception {
    String stream = started();
    List<Total> totals =
        concurrently(100, n -> (n % 2 == 0 ? one : other).send(new Add(stream, 1)));
    assertThat(totals).extracting(Total::total).doesNotHaveDuplicates().contains(100L);
    assertThat(one.send(new Get(stream))).isEqualTo(new Total(100, 100));
  }

  @Test
  void aRefusalRestsOnWhatIsStoredAndNotOnWhatIsAtHand() {
    String stream = started();
    assertThat(one.send(new Get(stream)).total()).isZero();
    other.send(new Add(stream, 10));
    assertThat(one.send(new Add(stream, -5)).total()).isEqualTo(5);
    other.send(new Add(stream, -5));
    assertThatThrownBy(() -> one.send(new Add(stream, -5))).isInstanceOf(BelowZero.class);
    assertThat(one.send(new Get(stream)).total()).isZero();
  }

  @Test
  void aKeyIsAnsweredOnceWhoeverIsAskedAtTheSameTime() throws Exception {
    String stream = started();
    List<CommandResultMessage<?>> results =
        concurrently(
            60, n -> (n % 2 == 0 ? one : other).sendOnce("key-" + n / 3, new Add(stream, 1)));
    assertThat(results.stream().filter(result -> !result.isExceptional())).hasSize(20);
    assertThat(results.stream().filter(CommandResultMessage::isExceptional))
        .allSatisfy(
            result ->
                assertThat(StoreFailureReason.of(result.exceptionResult()))
                    .contains(StoreFailureReason.ANSWERED_BEFORE));
    assertThat(one.send(new Get(stream)).total()).isEqualTo(20);
    IdempotencyRecord answer =
        TenantContext.call(tenant, () -> other.answers.find("key-0")).orElseThrow();
    assertThat(answer.fingerprint()).isEqualTo("print");
    assertThat(answer.json()).matches("\\{\"total\":\\d+,\"version\":\\d+}");
    assertThat(TenantContext.call(new TenantId("globex"), () -> other.answers.find("key-0")))
        .isEmpty();
  }

  @Test
  void aKeyIsAnsweredOnceHoweverOftenTheConnectionBreaks() throws Exception {
    var random = new Random(20261124);
    var over = new AtomicBoolean();
    String stream = started();
    try (var proxy = new TcpProxy(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
        var shaky = new AxonServerNode("localhost:" + proxy.port(), tenant);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var cutting =
          threads.submit(
              () -> {
                while (!over.get()) {
                  TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(150));
                  proxy.cut();
                }
                return 0;
              });
      int unclear = 0;
      for (int n = 0; n < 120; n++) {
        CommandResultMessage<?> result = shaky.sendOnce("key-" + n, new Add(stream, 1));
        while (isBusy(result)) {
          unclear++;
          result = shaky.sendOnce("key-" + n, new Add(stream, 1));
        }
        assertThat(
                !result.isExceptional()
                    || StoreFailureReason.of(result.exceptionResult())
                        .equals(Optional.of(StoreFailureReason.ANSWERED_BEFORE)))
            .describedAs("answer %d: %s", n, result)
            .isTrue();
      }
      over.set(true);
      cutting.get();
      assertThat(unclear).describedAs("answers that never came").isPositive();
    }
    assertThat(one.send(new Get(stream)).total()).isEqualTo(120);
  }

  @Test
  void whoFollowsGetsAUnitOfWorkWhole() throws Exception {
    String stream = started();
    long before = one.engine.lastPosition();
    one.sendOnce("k", new Add(stream, 7));
    List<TrackedEventMessage<?>> unit = new ArrayList<>();
    try (var events = other.store.openStream(new GlobalSequenceTrackingToken(before))) {
      while (unit.size() < 2) {
        assertThat(events.hasNextAvailable(5, TimeUnit.SECONDS)).isTrue();
        assertThat(events.peek()).isPresent();
        unit.add(events.nextAvailable());
      }
    }
    assertThat(unit)
        .extracting(event -> TokenPositions.of(event.trackingToken()))
        .containsExactly(before + 2, before + 2);
    assertThat(unit.getFirst().getPayload()).isEqualTo(new Counter.Added(stream, 7, 7));
    assertThat(unit.getLast().getPayload())
        .isEqualTo(new RequestAnswered("k", "print", "{\"total\":7,\"version\":1}"));
  }

  @Test
  void aLongStreamIsLoadedFromItsSnapshot() {
    String stream = started();
    for (int n = 0; n < 25; n++) {
      one.send(new Add(stream, 1));
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> TenantContext.call(tenant, () -> other.engine.readSnapshot(stream)).isPresent());
    assertThat(TenantContext.call(tenant, () -> other.store.readEvents(stream).asStream().count()))
        .isLessThan(25);
    assertThat(other.send(new Get(stream))).isEqualTo(new Total(25, 25));
  }

  @Test
  void nobodyLoadsAnotherTenantsStream() {
    String stream = started();
    assertThat(
            TenantContext.call(
                new TenantId("globex"), () -> other.store.readEvents(stream).hasNext()))
        .isFalse();
  }

  @Test
  void theFirstEventsOfManyStreamsAreRead() {
    StreamId used = StreamId.parse(started());
    one.send(new Add(used.toString(), 1));
    StreamId started = StreamId.parse(started());
    StreamId unknown = StreamId.parse(one.newStream());
    List<StreamId> asked = List.of(used, unknown, started);
    var first = TenantContext.call(tenant, () -> one.engine.of(asked));
    assertThat(first.keySet()).containsExactlyInAnyOrder(used, started);
    assertThat(first.values()).extracting(event -> event.getSequenceNumber()).containsOnly(0L);
    assertThat(TenantContext.call(new TenantId("globex"), () -> one.engine.of(asked))).isEmpty();
  }

  @Test
  void theEventTableBecomesAChainedCopyAtTheSamePositions() throws Exception {
    String stream = started();
    one.sendOnce("k", new Add(stream, 7));
    try (var database = TestDatabase.create()) {
      var history = new EventReader(database.worker());
      var copy = new EventTableReplicator(one.engine, database.worker(), one.serializer);
      var second = new EventTableReplicator(other.engine, database.worker(), other.serializer);
      copy.start();
      second.start();
      try {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> history.head() == one.engine.lastPosition());
        copy.stop();
        one.send(new Add(stream, 1));
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> history.head() == one.engine.lastPosition());
      } finally {
        copy.stop();
        second.stop();
      }
      assertThat(new ChainVerifier(history).run(history.head(), reached -> {})).isEmpty();
      List<StoredEvent> copied = new ArrayList<>();
      history.forEach(StreamId.parse(stream), copied::add);
      assertThat(copied).extracting(StoredEvent::sequence).containsExactly(0L, 1L, 2L);
      StoredEvent added = copied.get(1);
      assertThat(added.payload())
          .isEqualTo("{\"id\":\"%s\",\"amount\":7,\"total\":7}".formatted(stream));
      assertThat(added.unitRest()).isEqualTo(1);
      assertThat(added.metadata()).doesNotContain("tenant", "unitRest");
      assertThat(
              new JdbcTemplate(database.worker())
                  .queryForObject("select count(*) from kontor.event", Long.class))
          .isEqualTo(history.head());
    }
  }

  private String started() {
    String stream = one.newStream();
    one.send(new Start(stream));
    return stream;
  }

  private static boolean isBusy(CommandResultMessage<?> result) {
    return result.isExceptional()
        && StoreFailureReason.of(result.exceptionResult())
            .filter(StoreFailureReason.BUSY::equals)
            .isPresent();
  }

  private static <T> List<T> concurrently(int times, Numbered<? extends T> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<? extends T>> futures = new ArrayList<>();
      for (int n = 0; n < times; n++) {
        int number = n;
        Callable<? extends T> one = () -> work.run(number);
        futures.add(threads.submit(one));
      }
      List<T> results = new ArrayList<>();
      for (Future<? extends T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  private interface Numbered<T> {
    T run(int number);
  }
}

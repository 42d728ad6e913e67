package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.AddAndBreak;
import io.kontor.eventstore.Counter.AddAndRefuse;
import io.kontor.eventstore.Counter.BelowZero;
import io.kontor.eventstore.Counter.Get;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRecord;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

public class EventStoreTest {
  private TestDatabase database;
  private CounterNode node;
  private JdbcTemplate sql;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    node = new CounterNode(database.app(), database.worker());
    sql = new JdbcTemplate(database.worker());
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    database.close();
  }

  @Test
  void manyCallersOfOneHotStreamAllCountAndLeaveNoHole() throws Exception {
    String hot = newStream();
    node.send(new Start(hot));

    List<Total> totals = concurrently(2_000, () -> node.send(new Add(hot, 1)));

    assertThat(totals).extracting(Total::total).doesNotHaveDuplicates().contains(2_000L);
    assertThat(node.send(new Get(hot))).isEqualTo(new Total(2_000, 2_000));
    assertThat(sequences(hot)).hasSize(2_001).isSorted().doesNotHaveDuplicates().endsWith(2_000L);
    assertThat(sql.queryForObject("select max(position) from kontor.event", Long.class))
        .isEqualTo(2_001);
  }

  @Test
  void theFirstEventsOfManyStreamsAreReadAtOnce() {
    List<StreamId> streams = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      String stream = newStream();
      node.send(new Start(stream));
      node.send(new Add(stream, 1));
      streams.add(StreamId.parse(stream));
    }
    StreamId unknown = StreamId.parse(newStream());
    List<StreamId> asked = List.of(streams.getFirst(), unknown, streams.getLast());
    var first = TenantContext.call(CounterNode.ACME, () -> node.engine.of(asked));
    assertThat(first.keySet()).containsExactlyInAnyOrder(streams.getFirst(), streams.getLast());
    assertThat(first.values()).extracting(event -> event.getSequenceNumber()).containsOnly(0L);
    var others = TenantContext.call(new TenantId("globex"), () -> node.engine.of(asked));
    assertThat(others).isEmpty();
  }

  @Test
  void commandsShareCommits() throws Exception {
    List<String> streams = new ArrayList<>();
    for (int n = 0; n < 50; n++) {
      streams.add(newStream());
      node.send(new Start(streams.getLast()));
    }
    String hot = streams.getFirst();
    long before = transactions();
    concurrently(1_000, () -> node.send(new Add(hot, 1)));
    assertThat(transactions() - before).isLessThan(500);
  }

  @Test
  void aRefusalAmongManyChangesNothingAndReloadsNothing() throws Exception {
    String hot = newStream();
    node.send(new Start(hot));
    var cached = node.cache.get(hot);

    List<Object> answers =
        concurrently(
            1_000,
            () -> {
              try {
                return node.send(
                    new Add(hot, Thread.currentThread().threadId() % 2 == 0 ? 1 : -500_000));
              } catch (BelowZero refused) {
                return refused;
              }
            });

    long accepted = answers.stream().filter(Total.class::isInstance).count();
    assertThat(accepted).isBetween(1L, 999L);
    assertThat(node.send(new Get(hot))).isEqualTo(new Total(accepted, accepted));
    assertThat(sequences(hot)).hasSize((int) accepted + 1);
    assertThat(node.cache.get(hot)).isSameAs(cached);
  }

  @Test
  void aHandlerThatAppliesAndThenRefusesLeavesNoTrace() {
    String stream = newStream();
    node.send(new Start(stream));
    assertThatThrownBy(() -> node.send(new AddAndRefuse(stream))).isInstanceOf(BelowZero.class);
    assertThat(node.send(new Get(stream))).isEqualTo(new Total(0, 0));
    assertThat(sequences(stream)).containsExactly(0L);
  }

  @Test
  void anErrorWhileCommittingLeavesNoTrace() {
    String stream = newStream();
    node.send(new Start(stream));
    var broken = new StackOverflowError("as it happens");
    assertThatThrownBy(() -> node.send(new AddAndBreak(stream, broken))).isSameAs(broken);
    assertThat(node.send(new Get(stream))).isEqualTo(new Total(0, 0));
    assertThat(sequences(stream)).containsExactly(0L);
  }

  @Test
  void theAnswerIsStoredWithTheEventsAndItsKeyWorksOnce() {
    String stream = newStream();
    node.send(new Start(stream));
    Map<String, ?> request =
        Map.of(
            IdempotencyRecords.IDEMPOTENCY_KEY, "k1", IdempotencyRecords.REQUEST_FINGERPRINT, "f1");

    var first = node.result(new Add(stream, 7), request);
    var second = node.result(new Add(stream, 7), request);

    assertThat(first.getMetaData().get(IdempotencyRecords.POSITION)).isEqualTo(2L);
    assertThat(second.exceptionResult()).isInstanceOf(DuplicateRequestException.class);
    assertThat(node.send(new Get(stream)).total()).isEqualTo(7);
    assertThat(TenantContext.call(CounterNode.ACME, () -> node.answers.find("k1")))
        .contains(new IdempotencyRecord("f1", "{\"total\":7,\"version\":1}", 2));
  }

  @Test
  void aKeyWhoseAnswerIsForgottenIsDecidedAnew() {
    String stream = newStream();
    node.send(new Start(stream));
    Map<String, ?> request =
        Map.of(
            IdempotencyRecords.IDEMPOTENCY_KEY, "k1", IdempotencyRecords.REQUEST_FINGERPRINT, "f1");
    node.result(new Add(stream, 7), request);
    sql.update("delete from kontor.idempotency");

    assertThat(node.result(new Add(stream, 7), request).getPayload()).isEqualTo(new Total(14, 2));
    assertThat(node.result(new Add(stream, 7), request).exceptionResult())
        .isInstanceOf(DuplicateRequestException.class);
  }

  @Test
  void oneUsedKeyInABatchFailsOnlyItsOwnCommand() throws Exception {
    String stream = newStream();
    node.send(new Start(stream));
    Map<String, ?> request =
        Map.of(
            IdempotencyRecords.IDEMPOTENCY_KEY,
            "once",
            IdempotencyRecords.REQUEST_FINGERPRINT,
            "f");
    List<Boolean> done =
        concurrently(200, () -> !node.result(new Add(stream, 1), request).isExceptional());
    List<Total> others = concurrently(200, () -> node.send(new Add(stream, 1)));
    assertThat(done.stream().filter(success -> success)).hasSize(1);
    assertThat(others).hasSize(200);
    assertThat(node.send(new Get(stream)).total()).isEqualTo(201);
  }

  @Test
  void anAnswerWithoutEventsIsStoredToo() {
    String stream = newStream();
    node.send(new Start(stream));
    node.result(
        new Get(stream),
        Map.of(
            IdempotencyRecords.IDEMPOTENCY_KEY, "g", IdempotencyRecords.REQUEST_FINGERPRINT, "f"));
    assertThat(TenantContext.call(CounterNode.ACME, () -> node.answers.find("g"))).isPresent();
    assertThat(
            TenantContext.call(CounterNode.ACME, () -> node.answers.remember("b", "f", List.of(1))))
        .isEqualTo(1);
    assertThatThrownBy(
            () ->
                TenantContext.call(
                    CounterNode.ACME, () -> node.answers.remember("b", "f", List.of(1))))
        .isInstanceOf(DuplicateRequestException.class);
  }

  @Test
  void twoNodesOnOneStreamLoseNothingAndRefuseNothingWrongly() throws Exception {
    try (var other = new CounterNode(database.app(), database.worker())) {
      String stream = newStream();
      node.send(new Start(stream));
      node.send(new Get(stream));
      other.send(new Add(stream, 10));
      assertThat(node.send(new Add(stream, -10)))
          .as("a refusal from a stale cache would be wrong")
          .isEqualTo(new Total(0, 2));
      assertThat(other.send(new Get(stream))).isEqualTo(new Total(0, 2));

      var totals = new ArrayList<Future<List<Total>>>();
      try (var both = Executors.newFixedThreadPool(2)) {
        totals.add(both.submit(() -> concurrently(300, () -> node.send(new Add(stream, 1)))));
        totals.add(both.submit(() -> concurrently(300, () -> other.send(new Add(stream, 1)))));
      }
      assertThat(totals.get(0).get()).hasSize(300);
      assertThat(totals.get(1).get()).hasSize(300);
      assertThat(node.send(new Get(stream)).total()).isEqualTo(600);
      assertThat(sequences(stream)).hasSize(603).endsWith(602L);
    }
  }

  @Test
  void anAnswerThatAnotherNodeHasOvertakenIsNotStored() {
    try (var other = new CounterNode(database.app(), database.worker())) {
      String stream = newStream();
      node.send(new Start(stream));
      node.send(new Get(stream));
      other.send(new Add(stream, 10));

      var answer =
          node.result(
              new Get(stream),
              Map.of(
                  IdempotencyRecords.IDEMPOTENCY_KEY,
                  "late",
                  IdempotencyRecords.REQUEST_FINGERPRINT,
                  "f"));

      assertThat(answer.getPayload()).isEqualTo(new Total(10, 1));
      assertThat(TenantContext.call(CounterNode.ACME, () -> node.answers.find("late")))
          .contains(new IdempotencyRecord("f", "{\"total\":10,\"version\":1}", 2));
    }
  }

  @Test
  void aReaderFollowsBothNodesInOrderWithoutAGap() throws Exception {
    try (var other = new CounterNode(database.app(), database.worker());
        TrackingEventStream reader = node.store.openStream(null)) {
      String mine = newStream();
      String theirs = newStream();
      node.send(new Start(mine));
      other.send(new Start(theirs));
      concurrently(100, () -> node.send(new Add(mine, 1)));
      concurrently(100, () -> other.send(new Add(theirs, 1)));
      for (long expected = 1; expected <= 202; expected++) {
        assertThat(reader.hasNextAvailable(5, SECONDS)).isTrue();
        TrackedEventMessage<?> event = reader.nextAvailable();
        assertThat(event.trackingToken().position()).hasValue(expected);
        assertThat(event.getMetaData()).containsEntry("tenant", "acme");
      }
      assertThat(reader.hasNextAvailable(10, java.util.concurrent.TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  @Test
  void anEventHasOneTimeWhetherItComesFromMemoryOrFromTheTable() throws Exception {
    node.send(new Start(newStream()));
    try (var other = new CounterNode(database.app(), database.worker());
        TrackingEventStream fromMemory = node.store.openStream(null);
        TrackingEventStream fromTheTable = other.store.openStream(null)) {
      Instant read = fromMemory.nextAvailable().getTimestamp();
      assertThat(read).isEqualTo(read.truncatedTo(ChronoUnit.MILLIS));
      assertThat(fromTheTable.nextAvailable().getTimestamp()).isEqualTo(read);
      assertThat(
              sql.queryForObject("select recorded_at from kontor.event", OffsetDateTime.class)
                  .toInstant())
          .isEqualTo(read);
    }
  }

  @Test
  void snapshotsAreTakenFromMemoryAndUsed() {
    String stream = newStream();
    node.send(new Start(stream));
    for (int n = 0; n < 25; n++) {
      node.send(new Add(stream, 2));
    }
    await()
        .untilAsserted(
            () ->
                assertThat(sql.queryForList("select sequence from kontor.snapshot", Long.class))
                    .containsExactly(19L));
    node.cache.evict(stream);
    sql.update("update kontor.snapshot set payload = '{\"id\":\"" + stream + "\",\"total\":1000}'");
    assertThat(node.send(new Get(stream)))
        .as("from the snapshot and the events after it")
        .isEqualTo(new Total(50, 25));
    assertThat(node.send(new Add(stream, 1)).version()).isEqualTo(26);
  }

  @Test
  void aFullQueueTurnsCommandsAway() throws Exception {
    try (var small = new CounterNode(database.app(), database.worker(), 1)) {
      String stream = newStream();
      small.send(new Start(stream));
      List<Object> answers =
          concurrently(
              200,
              () -> {
                try {
                  return small.send(new Add(stream, 1));
                } catch (StoreBusyException busy) {
                  return busy;
                }
              });
      long accepted = answers.stream().filter(Total.class::isInstance).count();
      assertThat(accepted).isBetween(1L, 199L);
      assertThat(small.send(new Get(stream)).total()).isEqualTo(accepted);
    }
  }

  private List<Long> sequences(String stream) {
    return sql.queryForList(
        "select sequence from kontor.event where stream_id = ?::uuid order by position",
        Long.class,
        StreamId.parse(stream).uuid());
  }

  private long transactions() {
    return sql.queryForObject("select txid_snapshot_xmax(txid_current_snapshot())", Long.class);
  }

  private static <T> List<T> concurrently(int times, Callable<? extends T> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<? extends T>>();
      for (int n = 0; n < times; n++) {
        futures.add(threads.submit(work));
      }
      var results = new ArrayList<T>();
      for (Future<? extends T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}

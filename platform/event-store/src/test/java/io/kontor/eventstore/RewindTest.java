package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.read.EventReader;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.subscription.TokenStores;
import io.kontor.postgres.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The database is rewound under a running node, as by a failover to a replica that lacked the last
 * commits: the node has events in memory that are lost.
 */
class RewindTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private TestDatabase database;
  private CounterNode node;
  private JdbcTemplate sql;
  private String stream;

  @BeforeEach
  void countToTen() {
    database = TestDatabase.create();
    node = new CounterNode(database.app(), database.worker());
    sql = new JdbcTemplate(database.worker());
    stream = newStream();
    node.send(new Start(stream));
    for (int n = 1; n <= 10; n++) {
      node.send(new Add(stream, 1));
    }
  }

  @AfterEach
  void stop() {
    node.close();
    database.close();
  }

  @Test
  void aCommandDecidedOnWhatIsGoneIsRefusedAndLeavesNoHole() {
    loseEventsAfter(9);

    assertThatThrownBy(() -> node.send(new Add(stream, 1)))
        .isInstanceOf(StoreBusyException.class)
        .hasMessageContaining("gone back in time");
    assertThatThrownBy(() -> node.send(new Start(newStream())))
        .isInstanceOf(StoreBusyException.class);

    assertThat(positions()).hasSize(9);
    assertThat(node.status.isRunning()).isFalse();
    assertThat(node.status.stopReason()).hasValueSatisfying(why -> assertThat(why).contains("11"));
  }

  @Test
  void aRefusalDecidedOnWhatIsGoneIsNotAnswered() {
    loseEventsAfter(9);
    assertThatThrownBy(() -> node.send(new Add(stream, -11)))
        .isInstanceOf(StoreBusyException.class);
  }

  @Test
  void anIdleNodeNoticesToo() {
    loseEventsAfter(9);
    await().atMost(TIMEOUT).until(() -> !node.status.isRunning());
    assertThat(node.status.stopReason()).isPresent();
  }

  @Test
  void aReaderThatHasSeenWhatIsGoneDoesNotGoOnWithWhatCameInItsPlace() throws Exception {
    try (TrackingEventStream reader = node.store.openStream(null)) {
      for (int n = 1; n <= 11; n++) {
        assertThat(reader.hasNextAvailable(30, SECONDS)).isTrue();
        reader.nextAvailable();
      }
      loseEventsAfter(9);
      try (var other = new CounterNode(database.app(), database.worker())) {
        other.send(new Add(stream, 5));
        other.send(new Add(stream, 5));
        other.send(new Add(stream, 5));
      }

      assertThatThrownBy(
              () -> {
                while (!reader.hasNextAvailable(1, SECONDS)) {
                  Thread.onSpinWait();
                }
              })
          .isInstanceOfAny(EventStoreException.class, RewindGuard.RewoundException.class);
      assertThatThrownBy(reader::peek).isInstanceOf(EventStoreException.class);
    }
    assertThat(node.status.isRunning()).isFalse();
  }

  @Test
  void aReaderOfOthersEventsComparesThemToo() throws Exception {
    try (var other = new CounterNode(database.app(), database.worker());
        TrackingEventStream reader = other.store.openStream(null)) {
      node.send(new Add(stream, 1));
      for (int n = 1; n <= 12; n++) {
        assertThat(reader.hasNextAvailable(30, SECONDS)).isTrue();
        reader.nextAvailable();
      }
      assertThat(other.guard.newest()).isEqualTo(node.guard.newest());
    }
  }

  @Test
  void aProcessorDoesNotRememberThatItHasSeenWhatIsGone() {
    var tokens =
        TokenStores.store(database.worker(), Jackson3Serializer.builder().build(), node.guard);
    tokens.initializeTokenSegments("reader", 1);
    tokens.fetchToken("reader", 0);
    tokens.storeToken(new GlobalSequenceTrackingToken(10), "reader", 0);
    loseEventsAfter(9);

    assertThatThrownBy(() -> tokens.storeToken(new GlobalSequenceTrackingToken(11), "reader", 0))
        .isInstanceOf(RewindGuard.RewoundException.class);

    assertThat(sql.queryForObject("select token from kontor.token", String.class)).contains("10");
  }

  @Test
  void aStreamThatMemoryHasAheadOfTheTableIsDecidedFromTheTable() {
    node.send(new Start(newStream()));
    withoutProtection("delete from kontor.event where position = 11");

    assertThat(node.send(new Add(stream, 1))).isEqualTo(new Total(10, 10));

    assertThat(sequences()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void noSnapshotIsStoredOfWhatIsGone() {
    withoutProtection("delete from kontor.event where position > 9; delete from kontor.snapshot");
    node.snapshot(stream, 10);
    assertThat(sql.queryForList("select sequence from kontor.snapshot")).isEmpty();
  }

  @Test
  void anAnchorTellsOneHistoryFromAnother() {
    var history = new EventReader(database.worker());
    HistoryAnchor tenth = history.anchorAt(10).orElseThrow();
    assertThat(history.holds(tenth)).isTrue();
    assertThat(history.holds(HistoryAnchor.START)).isTrue();
    loseEventsAfter(9);
    assertThat(history.holds(tenth)).isFalse();
    try (var other = new CounterNode(database.app(), database.worker())) {
      other.send(new Add(stream, 5));
    }
    assertThat(history.anchorAt(10)).isPresent();
    assertThat(history.holds(tenth)).isFalse();
  }

  private void loseEventsAfter(long position) {
    withoutProtection(
        "delete from kontor.snapshot; delete from kontor.event where position > " + position);
    sql.queryForList(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where datname = current_database() and usename = current_user"
            + " and pid <> pg_backend_pid()");
  }

  private void withoutProtection(String statement) {
    new JdbcTemplate(database.owner())
        .execute(
            // in the order in which a stream is read, which would wait for the other table else
            "alter table kontor.snapshot no force row level security;"
                + " alter table kontor.event no force row level security; "
                + statement
                + "; alter table kontor.event force row level security");
  }

  private List<Long> positions() {
    return sql.queryForList("select position from kontor.event order by position", Long.class);
  }

  private List<Long> sequences() {
    return sql.queryForList(
        "select sequence from kontor.event where stream_id = ?::uuid order by sequence",
        Long.class,
        stream.substring(stream.indexOf('/') + 1));
  }
}

package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.read.EventReader;
import io.kontor.postgres.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Recorded times grow with the position, regardless of the nodes' clocks. */
class RecordedTimeTest {
  private TestDatabase database;
  private CounterNode one;
  private CounterNode other;
  private String stream;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    one = new CounterNode(database.app(), database.worker());
    other = new CounterNode(database.app(), database.worker());
    stream = newStream();
    one.send(new Start(stream));
  }

  @AfterEach
  void stop() {
    GenericEventMessage.clock = Clock.systemUTC();
    other.close();
    one.close();
    database.close();
  }

  @Test
  void aClockThatIsSetBackDoesNotReorderAStream() throws Exception {
    one.send(new Add(stream, 1));
    clockIsOffBy(Duration.ofHours(-1));
    one.send(new Add(stream, 1));

    assertThat(times()).hasSize(3).isSorted();
    assertThat(read(one)).isEqualTo(times());
    assertThat(read(other)).isEqualTo(times());
  }

  @Test
  void nodesWithDifferentClocksWriteInTimeOrder() throws Exception {
    for (int n = 0; n < 5; n++) {
      clockIsOffBy(Duration.ofMinutes(5));
      one.send(new Add(stream, 1));
      clockIsOffBy(Duration.ofMinutes(-5));
      other.send(new Add(stream, 1));
    }

    assertThat(times()).hasSize(11).isSorted();
    assertThat(read(one)).isEqualTo(times());
    assertThat(new ChainVerifier(new EventReader(database.worker())).run(11, position -> {}))
        .isEmpty();
  }

  @Test
  void theDatabasesOwnClockMayBeSetBackToo() {
    Instant ahead = Instant.parse("2100-01-01T00:00:00Z");
    new JdbcTemplate(database.owner())
        .execute(
            """
            alter table kontor.event no force row level security;
            update kontor.event set recorded_at = '2100-01-01 00:00:00Z';
            alter table kontor.event force row level security;
            """);
    one.send(new Add(stream, 1));
    other.send(new Start(newStream()));
    assertThat(times()).containsExactly(ahead, ahead, ahead);
  }

  private static void clockIsOffBy(Duration offset) {
    GenericEventMessage.clock = Clock.offset(Clock.systemUTC(), offset);
  }

  private List<Instant> times() {
    return new JdbcTemplate(database.worker())
            .queryForList(
                "select recorded_at from kontor.event order by position", OffsetDateTime.class)
            .stream()
            .map(OffsetDateTime::toInstant)
            .toList();
  }

  private List<Instant> read(CounterNode node) throws InterruptedException {
    var read = new ArrayList<Instant>();
    try (TrackingEventStream events = node.store.openStream(null)) {
      for (int n = times().size(); n > 0; n--) {
        assertThat(events.hasNextAvailable(30, SECONDS)).isTrue();
        read.add(events.nextAvailable().getTimestamp());
      }
    }
    return read;
  }
}

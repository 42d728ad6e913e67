package io.kontor.eventstore;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.TestDatabase;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Positions grow in commit order, regardless of the writer and of how long a commit takes. */
@Tag("system")
class CommitOrderTest {
  /** Runs when a transaction commits, after all its inserts, and delays it. */
  private static final String DELAY_COMMITS =
      """
      create function kontor.dawdle() returns trigger language plpgsql as
        $$ begin perform pg_sleep(random() * 0.02); return null; end $$;
      grant execute on function kontor.dawdle() to kontor_worker;
      create constraint trigger dawdle after insert on kontor.event
        deferrable initially deferred for each row when (new.sequence % 7 = 0)
        execute function kontor.dawdle();
      """;

  @Test
  void aReaderThatHasSeenAPositionNeverFindsAnEventBelowIt() throws Exception {
    try (var database = TestDatabase.create()) {
      new JdbcTemplate(database.owner()).execute(DELAY_COMMITS);
      List<String> streams = List.of(CounterNode.newStream(), CounterNode.newStream());
      try (var node = new CounterNode(database.app(), database.worker())) {
        CounterProcess.start(node, streams);
        var counts = new AtomicInteger();
        try (var one = process(database, 1_000_000, streams, counts);
            var two = process(database, 2_000_000, streams, counts);
            TrackingEventStream feed = node.store.openStream(null)) {
          var worker = new JdbcTemplate(database.worker());
          long position = 0;
          while (counts.get() < 600) {
            List<Long> next =
                worker.queryForList(
                    "select position from kontor.event where position > ? order by position",
                    Long.class,
                    position);
            for (long found : next) {
              assertThat(found).as("a plain reader skips nothing").isEqualTo(++position);
            }
          }
          for (long expected = 1; expected <= position; expected++) {
            assertThat(feed.hasNextAvailable(10, SECONDS)).isTrue();
            TrackedEventMessage<?> event = feed.nextAvailable();
            assertThat(event.trackingToken().position()).hasValue(expected);
          }
        }
      }
    }
  }

  private static CounterProcess process(
      TestDatabase database, long firstAmount, List<String> streams, AtomicInteger counts) {
    return new CounterProcess(
        database.jdbcUrl(),
        database.password(DatabaseLogin.APP),
        database.password(DatabaseLogin.WORKER),
        firstAmount,
        streams,
        answered -> counts.incrementAndGet());
  }
}

package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Get;
import io.kontor.eventstore.Counter.Start;
import io.kontor.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.eventhandling.TrackingEventStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The event table is cut into partitions while two nodes write to it, by the SQL of the docs. */
class EventPartitionsTest {
  private static final Path PAGE = Path.of("../../docs/operations/capacity.md");

  @Test
  void theTableIsCutWhileNodesWriteAndNothingIsLostRefusedOrWrittenTwice() throws Exception {
    try (var database = TestDatabase.create();
        var here = new CounterNode(database.app(), database.worker());
        var there = new CounterNode(database.app(), database.worker());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sql = new JdbcTemplate(database.worker());
      var owner = new JdbcTemplate(database.owner());
      String hot = newStream();
      here.send(new Start(hot));
      for (int n = 0; n < 200; n++) {
        here.send(new Add(hot, 1));
      }
      long bound = 3_000;
      owner.execute(ofThePage("prepare", bound));
      for (int n = 0; n < 50; n++) {
        there.send(new Add(hot, 1)); // between the two steps
      }

      var added = new AtomicLong(250);
      var stopped = new AtomicBoolean();
      List<Future<?>> writers = new ArrayList<>();
      for (CounterNode node : List.of(here, here, there, there)) {
        writers.add(
            threads.submit(
                () -> {
                  while (!stopped.get()) {
                    node.send(new Add(hot, 1));
                    String other = newStream();
                    node.send(new Start(other));
                    node.send(new Add(other, 3));
                    added.incrementAndGet();
                  }
                  return null;
                }));
      }
      owner.execute(ofThePage("cut", bound));
      await().atMost(60, SECONDS).until(() -> last(sql) > bound + 200);
      stopped.set(true);
      for (Future<?> writer : writers) {
        writer.get(); // none was rejected
      }

      assertThat(here.send(new Get(hot)).total()).isEqualTo(added.get());
      assertThat(there.send(new Get(hot)).total()).isEqualTo(added.get());
      assertThat(sql.queryForObject("select count(*) from kontor.event", Long.class))
          .isEqualTo(last(sql));
      assertThat(
              sql.queryForList(
                  "select distinct tableoid::regclass::text from kontor.event", String.class))
          .contains("event_p000", "event_p001");
      assertThat(
              sql.queryForObject(
                  """
                  select count(*) from (
                    select max(sequence) + 1 - count(*) as missing
                      from kontor.event group by tenant_id, stream_id) streams
                   where missing <> 0
                  """,
                  Long.class))
          .as("streams with holes")
          .isZero();
      assertThat(
              owner.queryForList(
                  """
              select relname from pg_class join pg_attribute on attrelid = pg_class.oid
               where relnamespace = 'kontor'::regnamespace and relkind in ('r', 'p')
                 and attname = 'tenant_id' and not (relrowsecurity and relforcerowsecurity)
              """,
                  String.class))
          .as("tables without row-level security")
          .isEmpty();
      readAll(there, last(sql));
    }
  }

  private static void readAll(CounterNode node, long last) throws Exception {
    try (TrackingEventStream events = node.store.openStream(null)) {
      for (long n = 1; n <= last; n++) {
        assertThat(events.nextAvailable().trackingToken().position()).hasValue(n);
      }
    }
  }

  private static long last(JdbcTemplate sql) {
    return sql.queryForObject("select max(position) from kontor.event", Long.class);
  }

  /** A block of SQL from the documentation page, with partitions small enough to be filled here. */
  private static String ofThePage(String step, long bound) throws IOException {
    Matcher block =
        Pattern.compile("```sql\n-- event-table: " + step + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(block.find()).as("the step %s of %s", step, PAGE).isTrue();
    return block
        .group(1)
        .replace("300000000", Long.toString(100 * bound))
        .replace("200000000", Long.toString(20 * bound))
        .replace("100000000", Long.toString(bound));
  }
}

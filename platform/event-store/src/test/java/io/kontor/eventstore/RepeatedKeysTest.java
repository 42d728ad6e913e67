package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.eventstore.append.CommitQueue;
import io.kontor.eventstore.append.GroupCommit;
import io.kontor.eventstore.append.QueuedAppend;
import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.append.StopOnRewind;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class RepeatedKeysTest {

  @Test
  void keysThatWereAnsweredBeforeCostABatchNoFurtherTransactions() throws Exception {
    try (var database = TestDatabase.create()) {
      var sql = new JdbcTemplate(database.worker());
      sql.update(
          "insert into kontor.idempotency"
              + " select 'acme', 'key-' || n * 10, 'f', '{}', 1 from generate_series(0, 99) n");
      var queue = new CommitQueue(new StreamLocks(), 10_000, 1_000_000);
      List<QueuedAppend> units = new ArrayList<>();
      for (int n = 0; n < 1_000; n++) {
        units.add(unit("key-" + n));
      }
      units.forEach(queue::add);
      var feed = new EventFeed(1_000);
      var status = new WriterStatus();
      var writer =
          new GroupCommit(
              queue,
              database.worker(),
              feed,
              new RewindGuard(new StopOnRewind(queue, feed, status)),
              Duration.ofSeconds(60),
              status,
              CounterNode.breaker(database.worker()));
      long before = transactions(sql);
      writer.start();
      try {
        long last = units.getLast().durable().get(60, TimeUnit.SECONDS);
        assertThat(last).isEqualTo(900);
        assertThat(transactions(sql) - before).isLessThan(10);
        for (int n = 0; n < 1_000; n += 10) {
          var repeated = units.get(n).durable();
          assertThatThrownBy(() -> repeated.get(60, TimeUnit.SECONDS))
              .hasCauseInstanceOf(DuplicateRequestException.class);
        }
        assertThat(units)
            .filteredOn(unit -> !unit.durable().isCompletedExceptionally())
            .hasSize(900);
      } finally {
        writer.stop();
      }
    }
  }

  private static long transactions(JdbcTemplate sql) {
    return sql.queryForObject("select txid_snapshot_xmax(txid_current_snapshot())", Long.class);
  }

  private static QueuedAppend unit(String key) {
    var stream = new StreamId(CounterNode.ACME, UUID.randomUUID());
    var row =
        EventRow.of(
            stream,
            0,
            "Counter",
            UUID.randomUUID().toString(),
            new SimpleSerializedType("started", null),
            0,
            "{}",
            "{}");
    return new QueuedAppend(
        List.of(row),
        List.of(),
        Set.of(stream.toString()),
        List.of(),
        Map.of(),
        new IdempotencyRow("acme", key, "f", "{}"),
        10,
        new CompletableFuture<>());
  }
}

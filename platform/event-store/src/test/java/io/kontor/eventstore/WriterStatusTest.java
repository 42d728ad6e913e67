package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.eventstore.append.CommitQueue;
import io.kontor.eventstore.append.GroupCommit;
import io.kontor.eventstore.append.QueuedAppend;
import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.append.StopOnRewind;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.postgres.TestDatabase;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriterStatusTest {

  @Test
  void anErrorThatEndsTheWriterIsSeenAndLeavesNoCommandWaiting() throws Exception {
    try (var database = TestDatabase.create()) {
      var queue = new CommitQueue(new StreamLocks(), 10, 1_000);
      var feed = new EventFeed(1_000);
      var status = new WriterStatus();
      var guard = new RewindGuard(new StopOnRewind(queue, feed, status));
      var writer =
          new GroupCommit(
              queue,
              database.worker(),
              feed,
              guard,
              Duration.ofSeconds(60),
              status,
              CounterNode.breaker(database.worker()));
      assertThat(status.isRunning()).isFalse();
      QueuedAppend broken = unit(new BrokenRows());
      QueuedAppend behind = unit(List.of());
      queue.add(broken);
      queue.add(behind);
      writer.start();

      assertThatThrownBy(() -> broken.durable().get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreBusyException.class);
      assertThatThrownBy(() -> queue.add(unit(List.of())))
          .isInstanceOf(StoreBusyException.class)
          .hasMessageContaining("as it happens");
      writer.stop();
      assertThat(behind.durable()).isDone();
      assertThat(status.isRunning()).isFalse();
      assertThat(status.stopReason())
          .hasValueSatisfying(why -> assertThat(why).contains("Linkage"));
    }
  }

  private static QueuedAppend unit(List<EventRow> rows) {
    return new QueuedAppend(
        rows, List.of(), Set.of(), List.of(), Map.of(), null, 10, new CompletableFuture<>());
  }

  private static final class BrokenRows extends AbstractList<EventRow> {
    @Override
    public EventRow get(int index) {
      throw new LinkageError("as it happens");
    }

    @Override
    public int size() {
      return 1;
    }
  }
}

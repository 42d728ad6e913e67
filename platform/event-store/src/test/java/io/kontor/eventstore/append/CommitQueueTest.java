package io.kontor.eventstore.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class CommitQueueTest {

  private final StreamLocks locks = new StreamLocks();
  private final CommitQueue queue = new CommitQueue(locks, 5, 1_000);

  @Test
  void aFailureTakesAllThatWasBuiltOnItAndNothingElse() throws Exception {
    QueuedAppend first = queued(writes("a"));
    QueuedAppend overTwoStreams = queued(writes("a", "b"));
    QueuedAppend onTheOtherStream = queued(writes("b"));
    QueuedAppend elsewhere = queued(writes("c"));
    List<QueuedAppend> batch = queue.take(2, Long.MAX_VALUE);
    assertThat(batch).containsExactly(first, overTwoStreams);

    queue.failed(first, new ConcurrencyException("lost"), List.of(overTwoStreams));

    assertThat(first.durable()).isCompletedExceptionally();
    assertThat(overTwoStreams.durable()).isCompletedExceptionally();
    assertThat(onTheOtherStream.durable()).isCompletedExceptionally();
    assertThat(elsewhere.durable()).isNotDone();
    assertThat(queue.take(10, Long.MAX_VALUE)).containsExactly(elsewhere);
  }

  @Test
  void aStreamIsClosedUntilEveryoneOnItHasRolledBack() throws Exception {
    QueuedAppend first = queued(writes("a"));
    QueuedAppend second = queued(writes("a", "b"));
    queue.take(1, Long.MAX_VALUE);
    queue.failed(first, new ConcurrencyException("lost"), List.of());

    assertThatThrownBy(() -> queue.add(writes("b"))).isInstanceOf(ConcurrencyException.class);
    queue.rolledBack(first);
    assertThatThrownBy(() -> queue.add(writes("a"))).isInstanceOf(ConcurrencyException.class);
    queue.rolledBack(second);

    queued(writes("a"));
    queued(writes("b"));
  }

  @Test
  void aDecisionBegunBeforeAFailureIsNotBuiltOnItEvenWhenThatHasRolledBackMeanwhile()
      throws Exception {
    QueuedAppend failing = queued(writes("a", "b"));
    var deciding = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("decide"));
    locks.obtainLock("a");
    queue.take(1, Long.MAX_VALUE);
    queue.failed(failing, new ConcurrencyException("lost on b"), List.of());
    queue.rolledBack(failing);

    assertThatThrownBy(() -> queue.add(writes("a"), () -> locks.haveFailedSince(deciding)))
        .isInstanceOf(ConcurrencyException.class);
    locks.giveBack(deciding);
    deciding.rollback();

    var anew = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("decide"));
    locks.obtainLock("a");
    queue.add(writes("a"), () -> locks.haveFailedSince(anew));
    locks.giveBack(anew);
    anew.rollback();
  }

  @Test
  void aDecisionThatChangedNothingFailsWithWhatItSawButTakesNobodyWithIt() throws Exception {
    QueuedAppend write = queued(writes("a"));
    QueuedAppend refusal = queued(reads("a", "b"));
    QueuedAppend onTheOtherStream = queued(writes("b"));
    queue.take(1, Long.MAX_VALUE);

    queue.failed(write, new ConcurrencyException("lost"), List.of());

    assertThat(refusal.durable()).isCompletedExceptionally();
    assertThat(onTheOtherStream.durable()).isNotDone();
  }

  @Test
  void aDecisionThatChangedNothingMayFailAlone() throws Exception {
    QueuedAppend refusal = queued(reads("a"));
    QueuedAppend write = queued(writes("a"));
    queue.take(1, Long.MAX_VALUE);

    queue.failed(refusal, new ConcurrencyException("lost"), List.of());

    assertThat(refusal.durable()).isCompletedExceptionally();
    assertThat(write.durable()).isNotDone();
  }

  @Test
  void aFailureLeavesTheEarlierUnitsOfItsStreamsToBeWaitedFor() throws Exception {
    QueuedAppend failing = queued(writes("a"));
    QueuedAppend waiting = queued(writes("b"));
    QueuedAppend overBoth = queued(reads("a", "b"));
    queue.take(1, Long.MAX_VALUE);

    queue.failed(failing, new ConcurrencyException("lost"), List.of());

    assertThat(overBoth.durable()).isCompletedExceptionally();
    assertThat(locks.lastQueued("a")).isNull();
    assertThat(locks.lastQueued("b")).isSameAs(waiting);
    queue.succeeded(queue.take(1, Long.MAX_VALUE));
    assertThat(locks.lastQueued("b")).isNull();
  }

  @Test
  void whatHasNoRoomIsTurnedAwayAndLeavesNothingBehind() throws Exception {
    for (int n = 0; n < 5; n++) {
      queued(writes("a"));
    }
    assertThatThrownBy(() -> queue.add(writes("b"))).isInstanceOf(StoreBusyException.class);
    assertThat(queue.take(100, Long.MAX_VALUE)).hasSize(5);
    queued(unit(true, 900, "a"));
    assertThatThrownBy(() -> queue.add(unit(true, 200, "b")))
        .isInstanceOf(StoreBusyException.class);
  }

  @Test
  void aBatchIsBoundedInRowsAndBytesButNeverEmpty() throws Exception {
    queued(unit(true, 600, "a"));
    queued(unit(true, 300, "b"));
    queued(unit(true, 50, "c"));
    assertThat(queue.take(100, 500)).hasSize(1);
    assertThat(queue.take(1, 500)).hasSize(1);
    assertThat(queue.take(100, 500)).hasSize(1);
  }

  @Test
  void aClosedQueueHandsOutItsRestAndTakesNoMore() throws Exception {
    QueuedAppend rest = queued(writes("a"));
    queue.close("test");
    assertThatThrownBy(() -> queue.add(writes("b"))).isInstanceOf(StoreBusyException.class);
    assertThat(queue.take(100, 500)).containsExactly(rest);
    assertThat(queue.take(100, 500)).isEmpty();
  }

  private QueuedAppend queued(QueuedAppend unit) {
    queue.add(unit);
    return unit;
  }

  private static QueuedAppend writes(String... streams) {
    return unit(true, 10, streams);
  }

  private static QueuedAppend reads(String... streams) {
    return unit(false, 0, streams);
  }

  private static QueuedAppend unit(boolean writes, long bytes, String... streams) {
    var row =
        new EventRow(
            new StreamId(new TenantId("acme"), UUID.randomUUID()),
            0,
            "Counter",
            UUID.randomUUID().toString(),
            "added",
            null,
            0,
            "{}",
            "{}");
    return new QueuedAppend(
        writes ? List.of(row) : List.of(),
        List.of(),
        Set.of(streams),
        List.of(),
        Map.of(),
        null,
        bytes,
        new CompletableFuture<>());
  }
}

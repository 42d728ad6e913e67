package io.kontor.eventstore;

import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots from the aggregates at hand, without reading their streams again: the state is
 * written down while its lock is held and stored once its events are durable. One that can't be
 * stored is missed by nobody.
 */
final class Snapshots {
  private static final Logger log = LoggerFactory.getLogger(Snapshots.class);
  private static final int MAX_WAITING = 1_000;

  private final EventTable table;
  private final Serializer serializer;
  private final int everyEvents;
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().name("snapshots").daemon().factory(),
          new ThreadPoolExecutor.DiscardOldestPolicy());

  Snapshots(EventTable table, Serializer serializer, int everyEvents) {
    this.table = table;
    this.serializer = serializer;
    this.everyEvents = everyEvents;
  }

  /** Takes a snapshot when the aggregate has had enough events since the last one. */
  void consider(EventSourcedAggregate<?> aggregate, UnitOfWork<?> unitOfWork) {
    if (aggregate.getSnapshotTrigger() instanceof EventCount count && count.reached(everyEvents)) {
      StreamId stream = StreamId.parse(aggregate.identifierAsString());
      long version = aggregate.version();
      String type = aggregate.type();
      Instant now = GenericEventMessage.clock.instant();
      SerializedObject<String> state =
          serializer.serialize(aggregate.getAggregateRoot(), String.class);
      unitOfWork.afterCommit(
          done -> writer.execute(() -> store(stream, version, type, now, state)));
    }
  }

  void stop() {
    writer.shutdown();
  }

  private void store(
      StreamId stream, long version, String type, Instant at, SerializedObject<String> state) {
    try {
      table.storeSnapshot(stream, version, type, at, state);
    } catch (RuntimeException e) {
      log.warn("A snapshot of stream {} was not stored: {}", stream, e.getMessage());
    }
  }
}

package io.kontor.eventstore.aggregate;

import io.kontor.tenancy.StreamId;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
public final class SnapshotWriter {
  private static final Logger log = LoggerFactory.getLogger(SnapshotWriter.class);
  private static final int MAX_WAITING = 1_000;

  private final Store store;
  private final Serializer serializer;
  private final int everyEvents;
  private final ConcurrentHashMap<StreamId, Snapshot> waiting = new ConcurrentHashMap<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("snapshots").daemon().factory());

  public SnapshotWriter(Store store, Serializer serializer, int everyEvents) {
    this.store = store;
    this.serializer = serializer;
    this.everyEvents = everyEvents;
  }

  /** Takes a snapshot when the aggregate has had enough events since the last one. */
  void consider(EventSourcedAggregate<?> aggregate, UnitOfWork<?> unitOfWork) {
    if (aggregate.getSnapshotTrigger() instanceof EventCountSnapshotTrigger count
        && count.reached(everyEvents)) {
      var snapshot =
          new Snapshot(
              StreamId.parse(aggregate.identifierAsString()),
              aggregate.version(),
              aggregate.type(),
              GenericEventMessage.clock.instant(),
              serializer.serialize(aggregate.getAggregateRoot(), String.class));
      unitOfWork.afterCommit(done -> offer(snapshot));
    }
  }

  /** Stops without storing what still waits. */
  public void stop() throws InterruptedException {
    writer.shutdownNow();
    writer.awaitTermination(1, TimeUnit.SECONDS);
  }

  /** Only the newest snapshot of a stream is worth storing. */
  private void offer(Snapshot snapshot) {
    if (waiting.size() < MAX_WAITING
        && waiting.put(snapshot.stream, snapshot) == null
        && !writer.isShutdown()) {
      writer.execute(() -> store(waiting.remove(snapshot.stream)));
    }
  }

  private void store(Snapshot snapshot) {
    try {
      store.storeSnapshot(
          snapshot.stream, snapshot.version, snapshot.type, snapshot.at, snapshot.state);
    } catch (RuntimeException e) {
      if (!writer.isShutdown()) {
        log.warn("A snapshot of stream {} was not stored: {}", snapshot.stream, e.getMessage());
      }
    }
  }

  /** Where snapshots go; only the newest of a stream has to be kept. */
  @FunctionalInterface
  public interface Store {
    void storeSnapshot(
        StreamId stream,
        long version,
        String streamType,
        Instant at,
        SerializedObject<String> state);
  }

  private record Snapshot(
      StreamId stream, long version, String type, Instant at, SerializedObject<String> state) {}
}

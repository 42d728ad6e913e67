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
 * Takes snapshots of cached aggregates without reading their streams again: serializes the state
 * while the stream's lock is held and stores it once its events are durable. A snapshot that can't
 * be stored is dropped, because snapshots are optional.
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

  /** Takes a snapshot when the aggregate has enough events since its last one. */
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

  /** Stops and drops the snapshots that are not stored yet. */
  public void stop() throws InterruptedException {
    writer.shutdownNow();
    writer.awaitTermination(1, TimeUnit.SECONDS);
  }

  /** Replaces a waiting snapshot of the same stream: only the newest one is stored. */
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
        log.warn("snapshot not stored stream={} cause={}", snapshot.stream, e.getMessage());
      }
    }
  }

  /** Stores snapshots; has to keep only the newest one of each stream. */
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

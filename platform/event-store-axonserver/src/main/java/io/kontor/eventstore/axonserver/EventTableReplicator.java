package io.kontor.eventstore.axonserver;

import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import io.kontor.eventstore.append.EventAppender;
import io.kontor.eventstore.append.QueuedAppend;
import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.subscription.ProcessStart;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.axonserver.connector.util.GrpcMetaDataConverter;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Copies Axon Server's events into the event table, byte for byte, at the same positions and
 * chained, for readers of the table: audit, rebuild, verification and export. One process at a time
 * copies, each event once; the copy's head is the checkpoint.
 */
public final class EventTableReplicator implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(EventTableReplicator.class);

  /** The advisory lock of the process that copies. */
  private static final long LOCK = 0x6b6f6e746f73L;

  private static final int MAX_ROWS = 2_000;
  private static final Duration TO_END = Duration.ofSeconds(5);
  private static final long LOOK_AGAIN_MILLIS = 1_000;

  private final AxonServerEventStorageEngine events;
  private final DataSource sessions;
  private final ProcessStart processes;
  private final Instant created = GenericEventMessage.clock.instant();
  private final GrpcMetaDataConverter metadata;
  private final JsonMapper json = JsonMapper.builder().build();
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;

  public EventTableReplicator(
      AxonServerEventStorageEngine events, DataSource sessions, Serializer serializer) {
    this.events = events;
    this.sessions = sessions;
    this.processes = new ProcessStart(sessions);
    this.metadata = new GrpcMetaDataConverter(serializer);
  }

  @Override
  public void start() {
    stopped = false;
    thread = Thread.ofPlatform().name("event-copy").start(this::run);
  }

  /** An unfinished copy rolls back and is repeated after the next start. */
  @Override
  public void stop() {
    stopped = true;
    Thread working = thread;
    thread = null;
    if (working != null) {
      working.interrupt();
      try {
        working.join(TO_END);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void run() {
    while (!stopped) {
      try (Connection connection = sessions.getConnection()) {
        if (isOurs(connection)) {
          copyUntilStopped(connection);
        }
      } catch (SQLException | RuntimeException | Error lost) {
        if (!stopped) {
          log.warn("replication stopped cause={}", lost.getMessage());
        }
      } catch (InterruptedException stopping) {
        return;
      }
      pause();
    }
  }

  /**
   * Whether this process still holds the lock: a frozen process may have lost it, so it checks
   * every second.
   */
  private static boolean isOurs(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("set idle_session_timeout = '15s'");
    }
    return queryBoolean(connection, "select pg_try_advisory_lock(?)");
  }

  private void copyUntilStopped(Connection connection) throws SQLException, InterruptedException {
    try (var session = new EventAppender(connection)) {
      try {
        copy(session);
      } finally {
        session.rollback();
        queryBoolean(connection, "select pg_advisory_unlock(?)");
        session.commit();
      }
    }
  }

  private void copy(EventAppender session) throws SQLException, InterruptedException {
    processes.decide(events.createTokenAt(created).position().orElse(0));
    long position = session.end(HistoryAnchor.START).last().position();
    session.commit();
    try (EventStream stream = events.storedAfter(position)) {
      while (!stopped) {
        List<QueuedAppend> units = next(stream, position);
        if (units.isEmpty()) {
          session.end(HistoryAnchor.START);
          session.commit();
        } else {
          long before = session.takeWriterLock(units, HistoryAnchor.START).last().position();
          if (before != position) {
            throw new EventStoreException("somebody else writes to the event table");
          }
          session.append(position, units);
          session.commit();
          position += units.stream().mapToInt(unit -> unit.rows().size()).sum();
        }
      }
    }
  }

  /** Whole units of work, as many as have arrived. */
  private List<QueuedAppend> next(EventStream stream, long position) throws InterruptedException {
    List<QueuedAppend> units = new ArrayList<>();
    List<EventRow> begun = new ArrayList<>();
    int rows = 0;
    EventWithToken next = stream.nextIfAvailable(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    while (next != null) {
      if (next.getToken() != position + rows) {
        throw new EventStoreException(
            "the event table ends at position %d, and Axon Server goes on at %d"
                .formatted(position, next.getToken() + 1));
      }
      rows++;
      begun.add(row(next.getEvent()));
      if (rest(next.getEvent()) == 0) {
        units.add(unit(List.copyOf(begun)));
        begun.clear();
      }
      next =
          begun.isEmpty()
              ? (rows < MAX_ROWS ? stream.nextIfAvailable() : null)
              : stream.nextIfAvailable(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (!begun.isEmpty() || (units.isEmpty() && stream.isClosed())) {
      throw new EventStoreException(
          "Axon Server's events have ended", stream.getError().orElse(null));
    }
    return units;
  }

  private static long rest(Event event) {
    var rest = event.getMetaDataMap().get(AxonServerEventStorageEngine.UNIT_REST);
    if (rest == null) {
      throw new EventStoreException(
          "event %s was not written by Kontor: it needs a context of its own"
              .formatted(event.getMessageIdentifier()));
    }
    return rest.getNumberValue();
  }

  private EventRow row(Event event) {
    String revision = event.getPayload().getRevision();
    Map<String, @Nullable Object> rest = new TreeMap<>(metadata.convert(event.getMetaDataMap()));
    rest.keySet()
        .removeAll(Set.of(TenantMessageInterceptor.KEY, AxonServerEventStorageEngine.UNIT_REST));
    return EventRow.of(
        StreamId.parse(event.getAggregateIdentifier()),
        event.getAggregateSequenceNumber(),
        event.getAggregateType(),
        event.getMessageIdentifier(),
        new SimpleSerializedType(
            event.getPayload().getType(), revision.isEmpty() ? null : revision),
        TimeUnit.MILLISECONDS.toMicros(event.getTimestamp()),
        event.getPayload().getData().toStringUtf8(),
        json.writeValueAsString(rest));
  }

  private static QueuedAppend unit(List<EventRow> rows) {
    return new QueuedAppend(
        rows, List.of(), Set.of(), List.of(), Map.of(), null, 0, new CompletableFuture<>());
  }

  private static boolean queryBoolean(Connection connection, String question) throws SQLException {
    try (var statement = connection.prepareStatement(question)) {
      statement.setLong(1, LOCK);
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.kontor.eventstore.archive;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.kontor.eventstore.append.BatchPlan;
import io.kontor.eventstore.append.EventAppender;
import io.kontor.eventstore.append.QueuedAppend;
import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.subscription.ProcessTokens;
import io.kontor.eventstore.subscription.ProcessesBehindException;
import io.kontor.tenancy.StreamId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.axonframework.serialization.SimpleSerializedType;

/**
 * Appends events from another store unchanged: each must continue its tenant's chain. Takes the
 * writer lock of the database.
 */
public final class ChainedEventWriter implements AutoCloseable {
  private final EventAppender session;
  private final ProcessTokens processes;
  private final boolean isAMove;

  /**
   * @param worker the login of the event processors
   * @param processes the event processors with side effects: they continue after these events
   */
  public ChainedEventWriter(DataSource worker, Collection<String> processes) throws SQLException {
    this(worker, processes, false);
  }

  private ChainedEventWriter(DataSource worker, Collection<String> processes, boolean isAMove)
      throws SQLException {
    Connection connection = worker.getConnection();
    this.isAMove = isAMove;
    this.session = new EventAppender(connection);
    this.processes = new ProcessTokens(connection, processes);
  }

  /**
   * Appends the events of a tenant that moves into a store that serves others: all event processors
   * with side effects pass over them.
   *
   * @param worker the login of the event processors
   */
  public static ChainedEventWriter besideOthers(DataSource worker) throws SQLException {
    return new ChainedEventWriter(worker, List.of(), true);
  }

  /**
   * Appends whole units of work, all or nothing, durable on return. The positions are new; the rest
   * stays, including the hashes.
   *
   * @throws BrokenChainException when an event does not follow its tenant's last one here
   * @throws ProcessesBehindException when an event processor would skip events
   * @throws SQLException when the database fails, or the connection was lost
   */
  public void append(List<StoredEvent> events) throws SQLException {
    List<QueuedAppend> units = units(events);
    long before = session.takeWriterLock(units, HistoryAnchor.START).last().position();
    try {
      demandContinued(events);
      demandWhole(units);
      session.append(before, units);
      if (isAMove) {
        session.noteMoved(before + 1, before + events.size());
      }
      processes.moveTo(before, before + events.size());
      session.commit();
    } catch (BrokenChainException | ProcessesBehindException | SQLException failure) {
      session.rollback();
      throw failure;
    }
  }

  private void demandContinued(List<StoredEvent> events) {
    Map<String, Sha256> ends = new HashMap<>();
    for (StoredEvent event : events) {
      String tenant = event.stream().tenant().value();
      Sha256 before = ends.computeIfAbsent(tenant, session::head);
      if (!EventChain.next(before, event).equals(event.hash())) {
        throw new BrokenChainException(event);
      }
      ends.put(tenant, event.hash());
    }
  }

  /** Requires complete streams: a chain only fixes the order of a tenant's events. */
  private void demandWhole(List<QueuedAppend> units) throws SQLException {
    Set<StreamId> streams =
        units.stream()
            .flatMap(unit -> unit.rows().stream())
            .map(EventRow::stream)
            .collect(toUnmodifiableSet());
    var plan = new BatchPlan(units, session.versions(streams), Set.of(), Set.of());
    if (!plan.refused().isEmpty()) {
      EventRow row = plan.refused().keySet().iterator().next().rows().getFirst();
      throw new BrokenChainException(row);
    }
  }

  private static List<QueuedAppend> units(List<StoredEvent> events) {
    List<QueuedAppend> units = new ArrayList<>();
    List<EventRow> rows = new ArrayList<>();
    for (StoredEvent event : events) {
      rows.add(row(event));
      if (event.unitRest() == 0) {
        units.add(unit(List.copyOf(rows)));
        rows.clear();
      }
    }
    if (!rows.isEmpty()) {
      throw new IllegalArgumentException("a unit of work is cut in two");
    }
    return units;
  }

  private static QueuedAppend unit(List<EventRow> rows) {
    return new QueuedAppend(
        rows, List.of(), Set.of(), List.of(), Map.of(), null, 0, new CompletableFuture<>());
  }

  private static EventRow row(StoredEvent event) {
    return EventRow.of(
        event.stream(),
        event.sequence(),
        event.streamType(),
        event.eventId().toString(),
        new SimpleSerializedType(event.type(), event.revision()),
        event.recordedAtMicros(),
        event.payload(),
        event.metadata());
  }

  @Override
  public void close() {
    session.close();
  }

  /** An event does not follow its tenant's last stored event. */
  public static final class BrokenChainException extends RuntimeException {
    BrokenChainException(EventRow row) {
      super(
          "event %s of stream %s #%d does not follow the stream's last one in this store"
              .formatted(row.eventId(), row.stream(), row.sequence()));
    }

    BrokenChainException(StoredEvent event) {
      super(
          "event %s of stream %s #%d does not continue the tenant's chain in this store"
              .formatted(event.eventId(), event.stream(), event.sequence()));
    }
  }
}

package io.kontor.eventstore.read;

import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.serialization.SerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the event and snapshot tables: one stream as its tenant, or all streams in order. */
public final class StreamReader {
  private static final String COLUMNS =
      "stream_type, tenant_id, stream_id, sequence, event_id, recorded_at, type, revision, payload,"
          + " metadata, position, unit_rest";

  private final TenantTransactions tenant;
  private final JdbcTemplate tenantSql;
  private final JdbcTemplate workerSql;
  private final RewindGuard guard;

  public StreamReader(
      TenantTransactions tenant, DataSource app, DataSource worker, RewindGuard guard) {
    this.tenant = tenant;
    this.tenantSql = new JdbcTemplate(app);
    this.workerSql = new JdbcTemplate(worker);
    this.guard = guard;
  }

  public List<DomainEventData<String>> stream(StreamId stream, long firstSequence, int atMost) {
    return tenant.read(
        () ->
            tenantSql.query(
                "select %s from event where tenant_id = ? and stream_id = ? and sequence >= ?"
                        .formatted(COLUMNS)
                    + " order by sequence limit ?",
                (row, n) -> event(row),
                stream.tenant().value(),
                stream.uuid(),
                firstSequence,
                atMost));
  }

  /** The first event of each stream of the current tenant that has one. */
  public List<DomainEventData<String>> firstEvents(Collection<StreamId> streams) {
    UUID[] ids = streams.stream().map(StreamId::uuid).toArray(UUID[]::new);
    return tenant.read(
        () ->
            tenantSql.query(
                "select %s from event where tenant_id = ? and stream_id = any (?) and sequence = 0"
                    .formatted(COLUMNS),
                (row, n) -> event(row),
                TenantContext.current().value(),
                ids));
  }

  public Optional<Long> lastSequence(StreamId stream) {
    return tenant.read(
        () ->
            Optional.ofNullable(
                tenantSql.queryForObject(
                    "select max(sequence) from event where tenant_id = ? and stream_id = ?",
                    Long.class,
                    stream.tenant().value(),
                    stream.uuid())));
  }

  public Optional<DomainEventData<String>> snapshot(StreamId stream) {
    return tenant.read(
        () ->
            tenantSql
                .query(
                    "select stream_type, tenant_id, stream_id, sequence, stream_id as event_id,"
                        + " recorded_at, type, revision, payload, '{}' as metadata"
                        + " from snapshot where tenant_id = ? and stream_id = ?",
                    (row, n) -> event(row),
                    stream.tenant().value(),
                    stream.uuid())
                .stream()
                .findFirst());
  }

  /** Stores nothing in a database that has been rewound: the snapshot may contain lost events. */
  public void storeSnapshot(
      StreamId stream,
      long sequence,
      String streamType,
      Instant recordedAt,
      SerializedObject<String> state) {
    HistoryAnchor known = guard.newest();
    workerSql.update(
        """
        insert into snapshot as s
          (tenant_id, stream_id, sequence, stream_type, type, revision, recorded_at, payload)
        select ?, ?, ?, ?, ?, ?, ?, ?::json
        where ? = 0 or exists (select from event where position = ? and hash = ?)
        on conflict (tenant_id, stream_id) do update set
          sequence = excluded.sequence, stream_type = excluded.stream_type, type = excluded.type,
          revision = excluded.revision, recorded_at = excluded.recorded_at,
          payload = excluded.payload
        where s.sequence < excluded.sequence or s.revision is distinct from excluded.revision
        """,
        stream.tenant().value(),
        stream.uuid(),
        sequence,
        streamType,
        state.getType().getName(),
        state.getType().getRevision(),
        OffsetDateTime.ofInstant(recordedAt, ZoneOffset.UTC),
        state.getData(),
        known.position(),
        known.position(),
        known.hash().bytes());
  }

  /** Events after {@code position} in order, in whole units of work. */
  public List<TrackedEventData<String>> after(long position, int atMost) {
    List<TrackedEventData<String>> events = read(position, position + atMost);
    if (!events.isEmpty()) {
      long reached = position + events.size();
      long unitEnd = indexOf(events.getLast());
      if (unitEnd > reached) {
        events.addAll(read(reached, unitEnd));
      }
    }
    return events;
  }

  /** Which events after {@code position} up to another came with a tenant that moved here. */
  public MovedEvents moved(long position, long upTo) {
    return new MovedEvents(
        workerSql.query(
            """
            select first_position, last_position from moved_events
             where last_position > ? and first_position <= ?
            """,
            (row, n) -> new MovedEvents.Range(row.getLong(1), row.getLong(2)),
            position,
            upTo));
  }

  /** The events at the given positions. */
  public Identities identities(long... positions) {
    var found = new HashMap<Long, StoredIdentity>();
    for (long position : positions) {
      workerSql.query(
          "select event_id, hash from event where position = ?",
          row -> {
            found.put(
                position,
                new StoredIdentity(row.getObject(1, UUID.class), Sha256.stored(row.getBytes(2))));
          },
          position);
    }
    return new Identities(found);
  }

  /** Events by position, where they exist. */
  public record Identities(Map<Long, StoredIdentity> events) {
    public @Nullable Sha256 hash(long position) {
      StoredIdentity event = events.get(position);
      return event == null ? null : event.hash;
    }

    public @Nullable UUID eventId(long position) {
      StoredIdentity event = events.get(position);
      return event == null ? null : event.eventId;
    }
  }

  public record StoredIdentity(UUID eventId, Sha256 hash) {}

  public long lastPosition() {
    return orZero("select max(position) from event");
  }

  /** The position before the first event recorded at or after {@code time}. */
  public Optional<Long> positionBefore(Instant time) {
    return Optional.ofNullable(
        workerSql.queryForObject(
            "select min(position) - 1 from event where recorded_at >= ?",
            Long.class,
            OffsetDateTime.ofInstant(time, ZoneOffset.UTC)));
  }

  private List<TrackedEventData<String>> read(long after, long upTo) {
    return new ArrayList<>(
        workerSql.query(
            "select %s from event where position > ? and position <= ? order by position"
                .formatted(COLUMNS),
            (row, n) -> tracked(row),
            after,
            upTo));
  }

  private long orZero(String query) {
    Long value = workerSql.queryForObject(query, Long.class);
    return value == null ? 0 : value;
  }

  private static long indexOf(TrackedEventData<?> event) {
    return event.trackingToken().position().orElseThrow();
  }

  private static TrackedEventData<String> tracked(ResultSet row) throws SQLException {
    long unitEnd = row.getLong("position") + row.getLong("unit_rest");
    return new TrackedDomainEventData<>(new GlobalSequenceTrackingToken(unitEnd), event(row));
  }

  private static DomainEventData<String> event(ResultSet row) throws SQLException {
    String tenant = row.getString("tenant_id");
    return new GenericDomainEventEntry<>(
        row.getString("stream_type"),
        tenant + "/" + row.getString("stream_id"),
        row.getLong("sequence"),
        row.getString("event_id"),
        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
        row.getString("type"),
        row.getString("revision"),
        row.getString("payload"),
        withTenant(row.getString("metadata"), tenant));
  }

  /** Adds the tenant, which is a column, to the metadata, where messages carry it. */
  static String withTenant(String metadata, String tenant) {
    String first = "{\"" + TenantMessageInterceptor.KEY + "\":\"" + tenant + "\"";
    return metadata.equals("{}") ? first + "}" : first + "," + metadata.substring(1);
  }
}

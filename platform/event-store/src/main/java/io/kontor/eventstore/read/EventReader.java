package io.kontor.eventstore.read;

import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the stored events of every tenant, for tools. It reads page by page, so that a long history
 * needs little memory and no long transaction.
 */
public final class EventReader {
  private static final int PAGE = 2_000;

  /** The columns of a {@link StoredEvent}. */
  private static final String COLUMNS =
      "position, tenant_id, stream_id, sequence, stream_type, event_id, type, revision,"
          + " recorded_at, unit_rest, payload, metadata, hash";

  private final JdbcTemplate sql;

  /**
   * @param worker the login of the event processors
   */
  public EventReader(DataSource worker) {
    this.sql = new JdbcTemplate(worker);
  }

  /** The last position; 0 when there is no event. */
  public long head() {
    return number("select coalesce(max(position), 0) from event");
  }

  /**
   * An instant before which no further event will be recorded.
   *
   * @throws org.springframework.dao.DataAccessException when the database is unreachable, or an
   *     append takes too long
   */
  public Watermark watermark() {
    try {
      return Watermark.read(Objects.requireNonNull(sql.getDataSource()));
    } catch (SQLException e) {
      throw sql.getExceptionTranslator().translate("watermark", null, e);
    }
  }

  /**
   * The position before the first event recorded at or after {@code time}; never inside a unit of
   * work.
   */
  public OptionalLong positionBefore(Instant time) {
    List<Long> found =
        sql.queryForList(
            """
            select before.position + coalesce(
                (select unit_rest from event e where e.position = before.position), 0)
            from (select min(position) - 1 as position from event
                  where recorded_at >= ?) before
            where before.position is not null
            """,
            Long.class,
            OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
    return found.isEmpty() ? OptionalLong.empty() : OptionalLong.of(found.getFirst());
  }

  /**
   * The position of the first of the last {@code count} events; after the head when there is none.
   */
  public long positionOfLast(@Nullable TenantId tenant, int count) {
    String whose = tenant == null ? "" : " where tenant_id = '%s'".formatted(tenant);
    return number(
        "select coalesce(min(position), (select coalesce(max(position), 0) + 1 from event))"
            + " from (select position from event%s order by %s position desc limit ?) newest"
                .formatted(whose, tenant == null ? "" : "tenant_id desc,"),
        count);
  }

  /** The hash of the last event of each tenant, or of the given tenant, up to a position. */
  public SortedMap<String, Sha256> heads(@Nullable TenantId tenant, long upTo) {
    var heads = new TreeMap<String, Sha256>();
    sql.query(
        """
        with recursive tenant (id) as (
          select min(tenant_id) from event
          union all
          select (select min(tenant_id) from event where tenant_id > id)
          from tenant where id is not null
        )
        select id, head.hash
        from tenant
        cross join lateral (
          select tenant_id, hash from event
          where (tenant_id, position) <= (id, ?)
          order by tenant_id desc, position desc
          limit 1
        ) head
        where head.tenant_id = id and (?::text is null or id = ?)
        """,
        row -> {
          heads.put(row.getString(1), Sha256.stored(row.getBytes(2)));
        },
        upTo,
        tenant == null ? null : tenant.value(),
        tenant == null ? null : tenant.value());
    return heads;
  }

  /** The ids of the tenants that were closed: their events are erased, or about to be. */
  public Set<String> closedTenants() {
    return Set.copyOf(
        sql.queryForList("select tenant_id from tenant where closed_at is not null", String.class));
  }

  /** The position of an event; empty when it does not exist. */
  public OptionalLong positionOf(StreamId stream, long sequence) {
    List<Long> found =
        sql.queryForList(
            "select position from event where tenant_id = ? and stream_id = ?"
                + " and sequence = ?",
            Long.class,
            stream.tenant().value(),
            stream.uuid(),
            sequence);
    return found.isEmpty() ? OptionalLong.empty() : OptionalLong.of(found.getFirst());
  }

  /** The event at a position; empty when there is none, {@link HistoryAnchor#START} at 0. */
  public Optional<HistoryAnchor> anchorAt(long position) {
    if (position == 0) {
      return Optional.of(HistoryAnchor.START);
    }
    return sql
        .query(
            "select hash from event where position = ?",
            (row, n) -> new HistoryAnchor(position, Sha256.stored(row.getBytes(1))),
            position)
        .stream()
        .findFirst();
  }

  /** Whether the store still has this event; false after a rewind. */
  public boolean holds(HistoryAnchor anchor) {
    return anchorAt(anchor.position()).filter(anchor::equals).isPresent();
  }

  /** The number of events of a tenant, or of all when null, after one position up to another. */
  public long count(@Nullable TenantId tenant, long after, long upTo) {
    return tenant == null
        ? number("select count(*) from event where position > ? and position <= ?", after, upTo)
        : number(
            "select count(*) from event where tenant_id = ? and position > ?"
                + " and position <= ?",
            tenant.value(),
            after,
            upTo);
  }

  /**
   * Passes the events of a tenant, or of all when null, after one position up to another, in order.
   */
  public void forEach(
      @Nullable TenantId tenant, long after, long upTo, Consumer<StoredEvent> consumer) {
    long position = after;
    List<StoredEvent> page;
    do {
      page = page(tenant, position, upTo);
      page.forEach(consumer);
      position = page.isEmpty() ? position : page.getLast().position();
    } while (page.size() == PAGE);
  }

  /** Passes a stream's events, from its first one. */
  public void forEach(StreamId stream, Consumer<StoredEvent> consumer) {
    long sequence = -1;
    List<StoredEvent> page;
    do {
      page =
          sql.query(
              "select %s from event where tenant_id = ? and stream_id = ? and sequence > ?"
                      .formatted(COLUMNS)
                  + " order by sequence limit ?",
              (row, n) -> event(row),
              stream.tenant().value(),
              stream.uuid(),
              sequence,
              PAGE);
      page.forEach(consumer);
      sequence = page.isEmpty() ? sequence : page.getLast().sequence();
    } while (page.size() == PAGE);
  }

  /**
   * A stream's events in order, starting at a sequence number.
   *
   * @param upTo only those whose unit of work ends at or before this position
   */
  List<StoredEvent> page(StreamId stream, long fromSequence, long upTo, int limit) {
    return sql.query(
        "select %s from event where tenant_id = ? and stream_id = ? and sequence >= ?"
                .formatted(COLUMNS)
            + " and position + unit_rest <= ? order by sequence limit ?",
        (row, n) -> event(row),
        stream.tenant().value(),
        stream.uuid(),
        fromSequence,
        upTo,
        limit);
  }

  /** A page of the events of a tenant, or of all when null, in order; empty after the last. */
  public List<StoredEvent> page(@Nullable TenantId tenant, long after, long upTo) {
    if (tenant == null) {
      return sql.query(
          "select %s from event where position > ? and position <= ?".formatted(COLUMNS)
              + " order by position limit ?",
          (row, n) -> event(row),
          after,
          upTo,
          PAGE);
    }
    return sql.query(
        "select %s from event where tenant_id = ? and position > ? and position <= ?"
                .formatted(COLUMNS)
            + " order by tenant_id, position limit ?",
        (row, n) -> event(row),
        tenant.value(),
        after,
        upTo,
        PAGE);
  }

  private long number(String query, Object... arguments) {
    Long value = sql.queryForObject(query, Long.class, arguments);
    return value == null ? 0 : value;
  }

  private static StoredEvent event(ResultSet row) throws SQLException {
    return new StoredEvent(
        row.getLong("position"),
        new StreamId(
            new TenantId(row.getString("tenant_id")), row.getObject("stream_id", UUID.class)),
        row.getLong("sequence"),
        row.getString("stream_type"),
        row.getObject("event_id", UUID.class),
        row.getString("type"),
        row.getString("revision"),
        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
        row.getInt("unit_rest"),
        row.getString("payload"),
        row.getString("metadata"),
        Sha256.stored(row.getBytes("hash")));
  }
}

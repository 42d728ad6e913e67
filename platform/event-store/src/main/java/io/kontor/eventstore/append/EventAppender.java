package io.kontor.eventstore.append;

import io.kontor.eventstore.append.BatchPlan.AnswerKey;
import io.kontor.eventstore.append.QueuedAppend.EventRow;
import io.kontor.eventstore.event.EventChain;
import io.kontor.eventstore.event.HistoryAnchor;
import io.kontor.eventstore.event.Sha256;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.read.WriterLock;
import io.kontor.tenancy.StreamId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The writer's connection and its statements. */
public final class EventAppender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventAppender.class);

  /**
   * Sets a timeout on idle transactions: otherwise a writer on a lost machine would hold the writer
   * lock until the connection times out, and block all other writers.
   */
  private static final String TAKE_WRITER_LOCK =
      "select pg_advisory_xact_lock("
          + WriterLock.KEY
          + "),"
          + " set_config('idle_in_transaction_session_timeout', '5s', true)";

  /** The event table's unique keys, and those of its partitions. */
  private static final Pattern EVENT_KEYS =
      Pattern.compile("event_(p[0-9]+_)?(pkey|stream_sequence)");

  /** Ordering by both columns makes the planner use the index by tenant to find the head. */
  private static final String END_AND_HEADS =
      """
      select last.position, last.hash, anchor.hash,
          (extract(epoch from greatest(date_trunc('milliseconds', clock_timestamp()),
              last.recorded_at, head.recorded_at)) * 1000000)::bigint,
          head.tenant_id, head.hash, wanted.tenant,
          placed.isolation <> 'ROW' or placed.suspended_until > clock_timestamp()
      from (select) always
      left join lateral (
        select position, hash, recorded_at from event order by position desc limit 1
      ) last on true
      left join event anchor on anchor.position = ?
      left join unnest(?) wanted (tenant) on true
      left join lateral (
        select tenant_id, hash, recorded_at from event
        where (tenant_id, position) <= (wanted.tenant, 9223372036854775807)
        order by tenant_id desc, position desc
        limit 1
      ) head on head.tenant_id = wanted.tenant
      left join tenant placed on placed.tenant_id = wanted.tenant
      """;

  private static final String APPEND_EVENTS =
      """
      insert into event (position, tenant_id, stream_id, sequence, stream_type, event_id,
          type, revision, recorded_at, unit_rest, payload, metadata, hash)
      select ? + n, tenant_id, stream_id::uuid, sequence, stream_type, event_id::uuid, type,
          revision, timestamptz 'epoch' + micros * interval '1 microsecond', unit_rest,
          payload::json, metadata::json, hash
      from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) with ordinality
          as e (tenant_id, stream_id, sequence, stream_type, event_id, type, revision, micros,
                unit_rest, payload, metadata, hash, n)
      """;
  private static final String APPEND_ANSWERS =
      """
      insert into idempotency (tenant_id, key, fingerprint, answer, position)
      select * from unnest(?, ?, ?, ?, ?)
      """;
  private static final String NOTE_MOVED =
      "insert into moved_events (first_position, last_position) values (?, ?)";
  private static final String NOTIFY = "select pg_notify(current_schema() || '_events', ?)";
  private static final String STREAM_VERSIONS =
      """
      select tenant_id, stream_id,
          (select max(sequence) from event e
           where e.tenant_id = s.tenant_id and e.stream_id = s.stream_id)
      from (select t as tenant_id, i::uuid as stream_id from unnest(?, ?) u (t, i)) s
      """;

  /** Looks the keys up one by one, so that no plan scans all keys. */
  private static final String USED_KEYS =
      """
      select tenant, key from unnest(?, ?) as wanted (tenant, key)
      where (select 1 from idempotency i
             where i.tenant_id = wanted.tenant and i.key = wanted.key limit 1) is not null
      """;

  private final Connection connection;

  /** The last hash of each tenant's chain, valid in the transaction that took the writer lock. */
  private final Map<String, Sha256> heads = new HashMap<>();

  /** The tenants that take no events here, valid in the transaction that took the writer lock. */
  private final Set<String> away = new HashSet<>();

  public EventAppender(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
  }

  /**
   * Sets the timeout after which a silent database counts as lost.
   *
   * @throws SQLException when the connection is lost already
   */
  void waitAtMost(Duration silence) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, silence.toMillis()));
  }

  /**
   * Waits for the writer lock and holds it until the transaction ends.
   *
   * @param units the units of work to append; the last hashes of their tenants' chains are read
   *     along
   * @param anchor an event to look up
   */
  public TableEnd takeWriterLock(List<QueuedAppend> units, HistoryAnchor anchor)
      throws SQLException {
    try (var lock = connection.prepareStatement(TAKE_WRITER_LOCK)) {
      lock.execute();
    }
    var tenants = new HashSet<String>();
    units.forEach(unit -> unit.tenants().forEach(tenants::add));
    return end(tenants, anchor);
  }

  /**
   * Those tenants of the units of work that take no events here: they are suspended or have moved
   * away.
   */
  Set<String> away() {
    return Set.copyOf(away);
  }

  /** The table's end now, without the writer lock. */
  public TableEnd end(HistoryAnchor anchor) throws SQLException {
    return end(Set.of(), anchor);
  }

  private TableEnd end(Set<String> tenants, HistoryAnchor anchor) throws SQLException {
    heads.clear();
    away.clear();
    try (var state = connection.prepareStatement(END_AND_HEADS)) {
      state.setLong(1, anchor.position());
      state.setArray(2, connection.createArrayOf("text", tenants.toArray(String[]::new)));
      try (ResultSet row = state.executeQuery()) {
        row.next();
        Sha256 lastHash = hash(row, 2);
        var last =
            lastHash == null ? HistoryAnchor.START : new HistoryAnchor(row.getLong(1), lastHash);
        Sha256 atAnchor = hash(row, 3);
        long time = 0;
        do {
          time = Math.max(time, row.getLong(4));
          Sha256 head = hash(row, 6);
          if (head != null) {
            heads.put(row.getString(5), head);
          }
          if (row.getBoolean(8)) {
            away.add(row.getString(7));
          }
        } while (row.next());
        return new TableEnd(last, atAnchor, time);
      }
    }
  }

  private static @Nullable Sha256 hash(ResultSet row, int column) throws SQLException {
    byte[] hash = row.getBytes(column);
    return hash == null ? null : Sha256.stored(hash);
  }

  /** The last hash of a tenant's chain when the writer lock was taken. */
  public Sha256 head(String tenant) {
    return heads.getOrDefault(tenant, EventChain.START);
  }

  /**
   * Writes the events at the positions after {@code before}, the idempotency records, and a
   * notification.
   *
   * @return the last event; {@link HistoryAnchor#START} when there is none
   */
  public HistoryAnchor append(long before, List<QueuedAppend> units) throws SQLException {
    var events = new ArrayList<EventRow>();
    var rest = new ArrayList<Integer>();
    var records = new ArrayList<IdempotencyRow>();
    var recordPositions = new ArrayList<Long>();
    for (QueuedAppend unit : units) {
      for (int index = 0; index < unit.rows().size(); index++) {
        events.add(unit.rows().get(index));
        rest.add(unit.rows().size() - 1 - index);
      }
      if (unit.answer() != null) {
        records.add(unit.answer());
        recordPositions.add(before + events.size());
      }
    }
    if (!records.isEmpty()) {
      insertRecords(records, recordPositions);
    }
    if (!events.isEmpty()) {
      insertEvents(before, events, rest);
      try (var call = connection.prepareStatement(NOTIFY)) {
        call.setString(1, Long.toString(before + events.size()));
        call.execute();
      }
      String tenant = events.getLast().stream().tenant().value();
      return new HistoryAnchor(before + events.size(), head(tenant));
    }
    return HistoryAnchor.START;
  }

  private void insertEvents(long before, List<EventRow> events, List<Integer> rest)
      throws SQLException {
    try (var insert = connection.prepareStatement(APPEND_EVENTS)) {
      insert.setLong(1, before);
      insert.setArray(2, texts(events, row -> row.stream().tenant().value()));
      insert.setArray(3, texts(events, row -> row.stream().uuid().toString()));
      insert.setArray(4, longs(events.stream().map(EventRow::sequence)));
      insert.setArray(5, texts(events, EventRow::streamType));
      insert.setArray(6, texts(events, EventRow::eventId));
      insert.setArray(7, texts(events, EventRow::type));
      insert.setArray(8, texts(events, EventRow::revision));
      insert.setArray(9, longs(events.stream().map(EventRow::recordedAtMicros)));
      insert.setArray(10, connection.createArrayOf("int4", rest.toArray(Integer[]::new)));
      insert.setArray(11, texts(events, EventRow::payload));
      insert.setArray(12, texts(events, EventRow::metadata));
      insert.setArray(13, connection.createArrayOf("bytea", hashes(events, rest)));
      insert.executeUpdate();
    }
  }

  private byte[][] hashes(List<EventRow> events, List<Integer> rest) {
    var hashes = new byte[events.size()][];
    for (int index = 0; index < hashes.length; index++) {
      EventRow event = events.get(index);
      String tenant = event.stream().tenant().value();
      Sha256 hash = EventChain.next(head(tenant), rest.get(index), event.content());
      heads.put(tenant, hash);
      hashes[index] = hash.bytes();
    }
    return hashes;
  }

  private void insertRecords(List<IdempotencyRow> records, List<Long> positions)
      throws SQLException {
    try (var insert = connection.prepareStatement(APPEND_ANSWERS)) {
      insert.setArray(1, texts(records, IdempotencyRow::tenant));
      insert.setArray(2, texts(records, IdempotencyRow::key));
      insert.setArray(3, texts(records, IdempotencyRow::fingerprint));
      insert.setArray(4, texts(records, IdempotencyRow::json));
      insert.setArray(5, longs(positions.stream()));
      insert.executeUpdate();
    }
  }

  /** Has processes pass over the events of these positions. */
  public void noteMoved(long first, long last) throws SQLException {
    try (var insert = connection.prepareStatement(NOTE_MOVED)) {
      insert.setLong(1, first);
      insert.setLong(2, last);
      insert.executeUpdate();
    }
  }

  /** The position before these units of work, if an earlier attempt has stored them. */
  OptionalLong positionBefore(List<QueuedAppend> units) throws SQLException {
    for (QueuedAppend unit : units) {
      if (!unit.rows().isEmpty()) {
        return positionBefore(unit.rows().getFirst());
      }
    }
    for (QueuedAppend unit : units) {
      if (unit.answer() != null) {
        return positionOf(unit.answer());
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong positionBefore(EventRow row) throws SQLException {
    try (var find =
        connection.prepareStatement(
            "select position - 1 from event where tenant_id = ? and stream_id = ?"
                + " and sequence = ? and event_id = ?")) {
      find.setString(1, row.stream().tenant().value());
      find.setObject(2, row.stream().uuid());
      find.setLong(3, row.sequence());
      find.setObject(4, UUID.fromString(row.eventId()));
      return single(find);
    }
  }

  private OptionalLong positionOf(IdempotencyRow row) throws SQLException {
    try (var find =
        connection.prepareStatement(
            "select position from idempotency where tenant_id = ? and key = ?"
                + " and fingerprint = ? and answer = ?")) {
      find.setString(1, row.tenant());
      find.setString(2, row.key());
      find.setString(3, row.fingerprint());
      find.setString(4, row.json());
      return single(find);
    }
  }

  /** The last stored sequence number of each stream; streams without events are left out. */
  public Map<StreamId, Long> versions(Set<StreamId> wanted) throws SQLException {
    var versions = new HashMap<StreamId, Long>();
    if (wanted.isEmpty()) {
      return versions;
    }
    List<StreamId> streams = List.copyOf(wanted);
    try (var query = connection.prepareStatement(STREAM_VERSIONS)) {
      query.setArray(1, texts(streams, id -> id.tenant().value()));
      query.setArray(2, texts(streams, id -> id.uuid().toString()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Long version = row.getObject(3, Long.class);
          if (version != null) {
            versions.put(StreamId.parse(row.getString(1) + "/" + row.getString(2)), version);
          }
        }
      }
    }
    return versions;
  }

  /** The keys that have a record already. */
  Set<AnswerKey> used(Set<AnswerKey> wanted) throws SQLException {
    var used = new HashSet<AnswerKey>();
    if (wanted.isEmpty()) {
      return used;
    }
    List<AnswerKey> keys = List.copyOf(wanted);
    try (var query = connection.prepareStatement(USED_KEYS)) {
      query.setArray(1, texts(keys, AnswerKey::tenant));
      query.setArray(2, texts(keys, AnswerKey::key));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          used.add(new AnswerKey(row.getString(1), row.getString(2)));
        }
      }
    }
    return used;
  }

  public void commit() throws SQLException {
    connection.commit();
  }

  public void rollback() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
      }
    } catch (SQLException e) {
      log.debug("rollback on a lost connection", e);
    }
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("close of a lost connection", e);
    }
  }

  static boolean isDuplicateAnswer(SQLException e) {
    return "idempotency_pkey".equals(constraint(e));
  }

  static boolean isDuplicateEvent(SQLException e) {
    String constraint = constraint(e);
    return constraint != null && EVENT_KEYS.matcher(constraint).matches();
  }

  private static @Nullable String constraint(SQLException e) {
    return e instanceof PSQLException failure && failure.getServerErrorMessage() != null
        ? failure.getServerErrorMessage().getConstraint()
        : null;
  }

  private static OptionalLong single(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }

  private <T> Array texts(Iterable<T> rows, Function<T, @Nullable String> column)
      throws SQLException {
    var texts = new ArrayList<@Nullable String>();
    rows.forEach(row -> texts.add(column.apply(row)));
    return connection.createArrayOf("text", texts.toArray(String[]::new));
  }

  private Array longs(Stream<Long> values) throws SQLException {
    return connection.createArrayOf(
        "int8", values.map(Objects::requireNonNull).toArray(Long[]::new));
  }
}

package io.kontor.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * A table like that of the event store in a schema of its own, to be changed and filled at will. It
 * is appended to as the store does it: one multi-row insert and one commit a batch, under the
 * advisory lock, after a look at the last position.
 */
final class EventTableCopy implements AutoCloseable {
  static final int STREAMS = 100_000;

  static final String TABLE =
      """
      create table copy.event (
        position    bigint not null,
        tenant_id   text not null,
        stream_id   uuid not null,
        sequence    bigint not null check (sequence >= 0),
        stream_type text not null,
        event_id    uuid not null,
        type        text not null,
        revision    text,
        recorded_at timestamptz not null,
        unit_rest   int not null check (unit_rest >= 0),
        payload     %s not null,
        metadata    json not null,
        hash        bytea not null check (octet_length(hash) = 32)
      )""";

  static final String POSITIONS =
      "alter table copy.event add constraint event_pkey primary key (position)";
  static final String SEQUENCES =
      "alter table copy.event add constraint event_stream_sequence"
          + " unique (tenant_id, stream_id, sequence)";
  static final String TENANTS = "create index event_by_tenant on copy.event (tenant_id, position)";
  static final String TIMES =
      "create index event_recorded_at on copy.event using brin (recorded_at)";

  static final String PARTITIONED = " partition by range (position)";

  private static final String APPEND =
      """
      insert into copy.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
          type, revision, recorded_at, unit_rest, payload, metadata, hash)
      select ? + n, 'acme', stream_id::uuid, sequence, 'Account', gen_random_uuid(),
          'money-deposited', null, now(), 0, payload::%s, metadata::json,
          sha256(int8send(sequence))
      from unnest(?, ?, ?, ?) with ordinality as e (stream_id, sequence, payload, metadata, n)
      """;
  private static final String METADATA =
      """
      {"actor":"tim","correlationId":"%s","causationId":"%s","traceparent":"00-%s-%s-00"}""";

  private final Connection connection;
  private final boolean binary;
  private final PreparedStatement turn;
  private final PreparedStatement last;
  private final PreparedStatement append;
  private final long[] versions = new long[STREAMS];
  private long firstFree;

  /**
   * @param payload the payload column's type
   */
  EventTableCopy(DataSource owner, String payload, List<String> ddl) throws SQLException {
    connection = owner.getConnection();
    binary = payload.equals("bytea");
    execute("drop schema if exists copy cascade", "create schema copy");
    execute(TABLE.formatted(payload) + (ddl.contains(PARTITIONED) ? PARTITIONED : ""));
    for (String statement : ddl) {
      if (!statement.equals(PARTITIONED)) {
        execute(statement);
      }
    }
    connection.setAutoCommit(false);
    turn = connection.prepareStatement("select pg_advisory_xact_lock(4711)");
    last = connection.prepareStatement("select coalesce(max(position), 0) from copy.event");
    append = connection.prepareStatement(APPEND.formatted(payload));
  }

  /** Appends one event for each payload, each to a stream at random. */
  int append(List<?> payloads) throws SQLException {
    turn.execute();
    long before;
    try (ResultSet row = last.executeQuery()) {
      row.next();
      before = row.getLong(1);
    }
    int count = payloads.size();
    var streams = new String[count];
    var sequences = new Long[count];
    var metadata = new String[count];
    for (int n = 0; n < count; n++) {
      int stream = ThreadLocalRandom.current().nextInt(STREAMS);
      streams[n] = stream(stream).toString();
      sequences[n] = firstFree + versions[stream]++;
      metadata[n] = metadata();
    }
    append.setLong(1, before);
    append.setArray(2, connection.createArrayOf("text", streams));
    append.setArray(3, connection.createArrayOf("int8", sequences));
    append.setArray(
        4,
        binary
            ? connection.createArrayOf("bytea", payloads.toArray(byte[][]::new))
            : connection.createArrayOf("text", payloads.toArray(String[]::new)));
    append.setArray(5, connection.createArrayOf("text", metadata));
    append.executeUpdate();
    connection.commit();
    return count;
  }

  /** Fills the table with so many events of the same shape, evenly over the streams. */
  void fill(long events) throws SQLException {
    firstFree = events / STREAMS;
    execute(
        """
        insert into copy.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
            type, recorded_at, unit_rest, payload, metadata, hash)
        select n, 'acme',
            ('01900000-0000-7000-8000-' || lpad(to_hex((n - 1) %% %1$d), 12, '0'))::uuid, (n - 1) / %1$d,
            'Account', gen_random_uuid(), 'money-deposited', now(), 0,
            json_build_object('account', 'acme/' || gen_random_uuid(), 'entry', gen_random_uuid(),
                'amount', json_build_object('amount', '0.01', 'currency', 'EUR'),
                'balance', json_build_object('amount', (n / 100.0)::numeric(18, 2)::text,
                    'currency', 'EUR'), 'reference', 'January salary'),
            json_build_object('actor', 'tim', 'correlationId', md5(n::text),
                'causationId', gen_random_uuid(), 'traceparent',
                '00-' || md5(n::text) || '-' || substr(md5((-n)::text), 1, 16) || '-00'),
            sha256(int8send(n))
        from generate_series(1, %2$d) n
        """
            .formatted(STREAMS, events));
    connection.commit();
    connection.setAutoCommit(true);
    execute("vacuum analyze copy.event");
    connection.setAutoCommit(false);
  }

  /** Reads a whole stream at random, as a cold load does. */
  int readStream() throws SQLException {
    try (var query =
        connection.prepareStatement(
            "select payload from copy.event where tenant_id = 'acme' and stream_id = ?"
                + " and sequence >= 0 order by sequence limit 500")) {
      query.setObject(1, stream(ThreadLocalRandom.current().nextInt(STREAMS)));
      int events = 0;
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          events++;
        }
      }
      connection.commit();
      return events;
    }
  }

  /** What the table and each of its indexes take, in bytes an event. */
  String sizes() throws SQLException {
    var parts = new ArrayList<String>();
    try (var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select what, bytes / (select count(*) from copy.event)::float8 from (
                  select 'heap' as what, sum(pg_table_size(c.oid)) as bytes from pg_class c
                   where c.relnamespace = 'copy'::regnamespace and c.relkind = 'r'
                     and c.relname like 'event%'
                  union all
                  select case when relname like '%stream%' then 'stream key'
                              when relname like '%recorded%' then 'brin'
                              when relname like '%tenant%' then 'tenant index'
                              when relname like '%pkey' then 'position key'
                              else relname end, sum(pg_relation_size(oid))
                    from pg_class where relnamespace = 'copy'::regnamespace and relkind = 'i'
                   group by 1
                  union all
                  select relname, pg_table_size(oid) from pg_class
                   where relnamespace = 'copy'::regnamespace and relkind = 'r'
                     and relname not like 'event%') sizes
                 order by bytes desc
                """)) {
      while (row.next()) {
        parts.add("%s %.0f".formatted(row.getString(1), row.getDouble(2)));
      }
    }
    connection.commit();
    return "bytes an event: " + String.join(", ", parts);
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    execute("drop schema copy cascade");
    connection.close();
  }

  private void execute(String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static UUID stream(int number) {
    return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
  }

  private static String metadata() {
    UUID id = UUID.randomUUID();
    String hex = id.toString().replace("-", "");
    return METADATA.formatted(hex, id, hex, hex.substring(0, 16)).toLowerCase(Locale.ROOT);
  }
}

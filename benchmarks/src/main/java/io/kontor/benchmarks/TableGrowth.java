package io.kontor.benchmarks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What the event table's indexes cost, and what it would cost to cut it into partitions by
 * position: batches of 500 events on top of a million, one writer.
 */
final class TableGrowth {
  private static final int EVENTS = 1_000_000;
  private static final int PARTITIONS = 20;
  private static final int PARTITION_SIZE = EVENTS / (PARTITIONS - 1);
  private static final int BATCH = 500;
  private static final String PAYLOAD =
      "{\"account\":\"acme/01900000-0000-7000-8000-000000000001\",\"entry\":\""
          + "01900000-0000-7000-8000-000000000002\",\"amount\":{\"amount\":\"0.01\",\"currency\":"
          + "\"EUR\"},\"balance\":{\"amount\":\"9999.99\",\"currency\":\"EUR\"},\"reference\":"
          + "\"January salary\"}";

  /** The sequence of every event once more, unique over all partitions. */
  private static final List<String> KEYS =
      List.of(
          """
          create table copy.event_key (tenant_id text, stream_id uuid, sequence bigint,
            constraint key_stream_sequence primary key (tenant_id, stream_id, sequence))
          """,
          """
          create function copy.add_keys() returns trigger language plpgsql as $$
          begin
            insert into copy.event_key select tenant_id, stream_id, sequence from appended;
            return null;
          end $$
          """,
          """
          create trigger add_keys after insert on copy.event referencing new table as appended
            for each statement execute function copy.add_keys()
          """);

  /** The last sequence of every stream, which a batch has to continue. */
  private static final List<String> HEADS =
      List.of(
          """
          create table copy.stream_head (tenant_id text, stream_id uuid, sequence bigint not null,
            constraint head_stream primary key (tenant_id, stream_id)) with (fillfactor = 70)
          """,
          """
          create function copy.advance_heads() returns trigger language plpgsql as $$
          declare
            streams bigint;
            opened bigint;
            continued bigint;
          begin
            with batch as (
              select tenant_id, stream_id, min(sequence) as first, max(sequence) as last
                from appended group by tenant_id, stream_id),
            opening as (
              insert into copy.stream_head
                select tenant_id, stream_id, last from batch where first = 0 returning 1),
            continuing as (
              update copy.stream_head h set sequence = b.last from batch b
               where h.tenant_id = b.tenant_id and h.stream_id = b.stream_id
                 and b.first > 0 and h.sequence = b.first - 1 returning 1)
            select (select count(*) from batch), (select count(*) from opening),
                   (select count(*) from continuing) into streams, opened, continued;
            if opened + continued <> streams then
              raise unique_violation using constraint = 'event_stream_sequence';
            end if;
            return null;
          end $$
          """,
          """
          create trigger advance_heads after insert on copy.event referencing new table as appended
            for each statement execute function copy.advance_heads()
          """);

  private TableGrowth() {}

  static Map<String, Benchmark> rows(DataSource owner) {
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put(
        "q1",
        row(
            owner,
            "append to a million events, the table as it is",
            List.of(
                EventTableCopy.POSITIONS,
                EventTableCopy.SEQUENCES,
                EventTableCopy.TENANTS,
                EventTableCopy.TIMES)));
    rows.put(
        "q2",
        row(
            owner,
            "without the index on times",
            List.of(EventTableCopy.POSITIONS, EventTableCopy.SEQUENCES, EventTableCopy.TENANTS)));
    rows.put(
        "q3",
        row(
            owner,
            "without the key on streams",
            List.of(EventTableCopy.POSITIONS, EventTableCopy.TENANTS, EventTableCopy.TIMES)));
    rows.put(
        "q4",
        row(
            owner,
            "without the index on tenants",
            List.of(EventTableCopy.POSITIONS, EventTableCopy.SEQUENCES, EventTableCopy.TIMES)));
    rows.put("q5", row(owner, "20 partitions, a key a row in a table beside", partitioned(KEYS)));
    rows.put("q6", row(owner, "20 partitions, a head a stream beside", partitioned(HEADS)));
    return rows;
  }

  private static List<String> partitioned(List<String> unique) {
    var ddl = new ArrayList<String>();
    ddl.add(EventTableCopy.PARTITIONED);
    ddl.add(EventTableCopy.POSITIONS);
    ddl.add("create index event_stream_sequence on copy.event (tenant_id, stream_id, sequence)");
    ddl.add(EventTableCopy.TENANTS);
    ddl.add(EventTableCopy.TIMES);
    for (int n = 0; n < PARTITIONS; n++) {
      ddl.add(
          "create table copy.event_%03d partition of copy.event for values from (%d) to (%s)"
              .formatted(
                  n,
                  (long) n * PARTITION_SIZE,
                  n == PARTITIONS - 1 ? "maxvalue" : Long.toString((n + 1L) * PARTITION_SIZE)));
    }
    ddl.addAll(unique);
    return ddl;
  }

  private static Benchmark row(DataSource owner, String what, List<String> ddl) {
    return Benchmark.of(
        what,
        time -> {
          try (var table = new EventTableCopy(owner, "json", ddl)) {
            table.fill(EVENTS);
            List<String> batch = Collections.nCopies(BATCH, PAYLOAD);
            Measurement.Result appended =
                Measurement.closedLoop(1, time, (caller, call) -> table.append(batch));
            return appended.noting(
                "%.1f us an event; %s; %s"
                    .formatted(
                        1e6 / appended.perSecond(), coldLoad(table, time, ddl), table.sizes()));
          }
        });
  }

  private static String coldLoad(EventTableCopy table, Duration time, List<String> ddl)
      throws Exception {
    if (!ddl.contains(EventTableCopy.SEQUENCES) && !ddl.contains(EventTableCopy.PARTITIONED)) {
      return "no way to find a stream";
    }
    Measurement.Result loads =
        Measurement.closedLoop(1, time.dividedBy(4), (caller, call) -> read(table));
    return "a stream of 10 events or more is read in %.3f ms".formatted(loads.p50Ms());
  }

  private static int read(EventTableCopy table) throws SQLException {
    if (table.readStream() == 0) {
      throw new IllegalStateException("a stream has gone missing");
    }
    return 1;
  }
}

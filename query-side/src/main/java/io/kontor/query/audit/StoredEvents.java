package io.kontor.query.audit;

import static io.kontor.projections.tables.Tables.EVENT;

import io.kontor.api.audit.AuditEvent;
import io.kontor.query.support.RowReader;
import org.jooq.Record;
import tools.jackson.databind.json.JsonMapper;

/** Rows of the event table as they are answered. */
final class StoredEvents {
  private static final JsonMapper JSON = new JsonMapper();

  private StoredEvents() {}

  static AuditEvent event(Record row) {
    return new AuditEvent(
        RowReader.get(row, EVENT.POSITION),
        RowReader.get(row, EVENT.STREAM_ID),
        RowReader.get(row, EVENT.STREAM_TYPE),
        RowReader.get(row, EVENT.SEQUENCE),
        RowReader.get(row, EVENT.EVENT_ID),
        RowReader.get(row, EVENT.TYPE),
        row.get(EVENT.REVISION),
        RowReader.get(row, EVENT.RECORDED_AT),
        JSON.readTree(RowReader.get(row, EVENT.PAYLOAD).data()),
        JSON.readTree(RowReader.get(row, EVENT.METADATA).data()));
  }
}

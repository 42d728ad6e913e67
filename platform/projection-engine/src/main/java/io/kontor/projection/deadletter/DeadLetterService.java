package io.kontor.projection.deadletter;

import static io.kontor.projection.tables.Tables.DEAD_LETTER;
import static org.jooq.impl.DSL.currentInstant;
import static org.jooq.impl.DSL.noCondition;

import io.kontor.tenancy.StreamId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Lists the dead letters of live projections and stores requests to retry or discard them, which a
 * node with the projection role carries out. Runs in the caller's transaction and sees only the
 * tenants that its login may see.
 */
public final class DeadLetterService {
  static final String RETRY = "RETRY";
  static final String DISCARD = "DISCARD";

  private final DSLContext sql;

  public DeadLetterService(DSLContext sql) {
    this.sql = sql;
  }

  /**
   * A projection's dead letters, ordered by stream.
   *
   * @param after {@code tenant/stream} of the last dead letter of the previous page
   */
  public List<DeadLetter> list(String projection, @Nullable String after, int limit) {
    return sql.selectFrom(DEAD_LETTER)
        .where(DEAD_LETTER.PROCESSING_GROUP.eq(projection))
        .and(after == null ? noCondition() : DEAD_LETTER.SEQUENCE_IDENTIFIER.gt(after))
        .orderBy(DEAD_LETTER.SEQUENCE_IDENTIFIER)
        .limit(limit)
        .fetch(DeadLetterService::letter);
  }

  public Optional<DeadLetter> find(String projection, UUID id) {
    return sql.selectFrom(DEAD_LETTER)
        .where(is(projection, id))
        .fetchOptional(DeadLetterService::letter);
  }

  /** Number of events that wait, followers included. */
  public long events(String projection) {
    return sql.fetchSingle(
            """
            select coalesce(sum(1 + followers), 0)::bigint from dead_letter
            where processing_group = ?
            """,
            projection)
        .get(0, Long.class);
  }

  /**
   * Requests a retry of the stream from the failed event on.
   *
   * @return false if there is no such dead letter
   */
  public boolean requestRetry(String projection, UUID id, String by) {
    return request(is(projection, id), RETRY, by, null) == 1;
  }

  /**
   * Requests a retry of all dead letters of a projection.
   *
   * @return number of dead letters
   */
  public int requestRetry(String projection, String by) {
    return request(DEAD_LETTER.PROCESSING_GROUP.eq(projection), RETRY, by, null);
  }

  /**
   * Requests that the event be left out of the read model, also in rebuilds in which it fails; the
   * events that wait for it are retried.
   *
   * @return false if there is no such dead letter
   */
  public boolean requestDiscard(String projection, UUID id, String by, String reason) {
    return request(is(projection, id), DISCARD, by, reason) == 1;
  }

  private int request(Condition which, String what, String by, @Nullable String reason) {
    return sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.REQUESTED, what)
        .set(DEAD_LETTER.REQUESTED_BY, by)
        .set(DEAD_LETTER.REQUESTED_AT, currentInstant())
        .set(DEAD_LETTER.REQUEST_REASON, reason)
        .where(which)
        .execute();
  }

  private static Condition is(String projection, UUID id) {
    return DEAD_LETTER
        .PROCESSING_GROUP
        .eq(projection)
        .and(DEAD_LETTER.DEAD_LETTER_ID.eq(id.toString()));
  }

  private static DeadLetter letter(Record row) {
    StreamId stream = StreamId.parse(text(row.get(DEAD_LETTER.AGGREGATE_IDENTIFIER)));
    return new DeadLetter(
        UUID.fromString(text(row.get(DEAD_LETTER.DEAD_LETTER_ID))),
        text(row.get(DEAD_LETTER.PROCESSING_GROUP)),
        stream.tenant(),
        stream.uuid(),
        Objects.requireNonNull(row.get(DEAD_LETTER.SEQUENCE_NUMBER)),
        text(row.get(DEAD_LETTER.PAYLOAD_TYPE)),
        Instant.parse(text(row.get(DEAD_LETTER.TIME_STAMP))),
        Instant.parse(text(row.get(DEAD_LETTER.ENQUEUED_AT))),
        Objects.requireNonNull(row.get(DEAD_LETTER.ATTEMPTS)),
        Objects.requireNonNull(row.get(DEAD_LETTER.FOLLOWERS)),
        Objects.requireNonNullElse(row.get(DEAD_LETTER.CAUSE_MESSAGE), ""),
        row.get(DEAD_LETTER.REQUESTED));
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNull(value);
  }
}

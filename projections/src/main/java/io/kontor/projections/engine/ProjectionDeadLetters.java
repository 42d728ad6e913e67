package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.DEAD_LETTER;
import static io.kontor.projections.tables.Tables.DISCARDED_EVENT;
import static io.kontor.projections.tables.Tables.PARKED_EVENTS;
import static org.jooq.impl.DSL.any;

import io.kontor.api.IdGenerator;
import io.kontor.tenancy.StreamId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that one projection could not take, each a row with its first event that failed. The
 * later events of such a stream are in the event table and only counted here, so that a busy stream
 * costs a statement a batch, however many wait. All within the caller's transaction.
 */
final class ProjectionDeadLetters {
  private static final Logger log = LoggerFactory.getLogger(ProjectionDeadLetters.class);
  private static final int LONGEST_CAUSE = 1_000;

  private final String projection;
  private final DSLContext sql;

  ProjectionDeadLetters(String projection, DSLContext sql) {
    this.projection = projection;
    this.sql = sql;
  }

  /** Those of {@code streams} that are parked. */
  Set<String> among(Set<String> streams) {
    return sql.select(DEAD_LETTER.SEQUENCE_IDENTIFIER)
        .from(DEAD_LETTER)
        .where(DEAD_LETTER.PROCESSING_GROUP.eq(projection))
        .and(DEAD_LETTER.SEQUENCE_IDENTIFIER.eq(any(streams.toArray(String[]::new))))
        .fetchSet(DEAD_LETTER.SEQUENCE_IDENTIFIER);
  }

  /**
   * Parks a stream from an event on.
   *
   * @return false when a person decided earlier to leave that event out
   */
  boolean park(DomainEventMessage<?> event, RuntimeException cause) {
    StreamId stream = StreamId.parse(event.getAggregateIdentifier());
    if (isDiscarded(stream, event.getSequenceNumber())) {
      log.warn(
          "event left out: projection={} stream={} event={}",
          projection,
          stream,
          event.getIdentifier());
      return false;
    }
    log.error(
        "event parked: projection={} stream={} event={}",
        projection,
        stream,
        event.getIdentifier(),
        cause);
    String now = Instant.now().toString();
    sql.insertInto(DEAD_LETTER)
        .set(DEAD_LETTER.DEAD_LETTER_ID, IdGenerator.next().toString())
        .set(DEAD_LETTER.PROCESSING_GROUP, projection)
        .set(DEAD_LETTER.SEQUENCE_IDENTIFIER, event.getAggregateIdentifier())
        .set(DEAD_LETTER.SEQUENCE_INDEX, 0L)
        .set(DEAD_LETTER.EVENT_IDENTIFIER, event.getIdentifier())
        .set(DEAD_LETTER.TIME_STAMP, event.getTimestamp().toString())
        .set(DEAD_LETTER.PAYLOAD_TYPE, event.getPayloadType().getName())
        .set(DEAD_LETTER.AGGREGATE_TYPE, String.valueOf(event.getType()))
        .set(DEAD_LETTER.AGGREGATE_IDENTIFIER, event.getAggregateIdentifier())
        .set(DEAD_LETTER.SEQUENCE_NUMBER, event.getSequenceNumber())
        .set(DEAD_LETTER.ENQUEUED_AT, now)
        .set(DEAD_LETTER.LAST_TOUCHED, now)
        .set(DEAD_LETTER.CAUSE_TYPE, cause.getClass().getName())
        .set(DEAD_LETTER.CAUSE_MESSAGE, message(cause))
        .execute();
    count(1);
    return true;
  }

  /**
   * Notes events that wait because their streams are parked.
   *
   * @param followers how many, by stream
   */
  void follow(Map<String, Long> followers) {
    Map<String, Long> some = new HashMap<>(followers);
    some.values().removeIf(events -> events == 0);
    if (some.isEmpty()) {
      return;
    }
    sql.execute(
        """
        update kontor.dead_letter set followers = followers + new.events
        from unnest(?::text[], ?::bigint[]) new (stream, events)
        where processing_group = ? and sequence_identifier = new.stream
        """,
        some.keySet().toArray(String[]::new),
        some.values().toArray(Long[]::new),
        projection);
    count(some.values().stream().mapToLong(Long::longValue).sum());
  }

  /** The version of a stream's event that failed, kept from others; empty when none is parked. */
  OptionalLong hold(String stream) {
    Long version =
        sql.select(DEAD_LETTER.SEQUENCE_NUMBER)
            .from(DEAD_LETTER)
            .where(isParked(stream))
            .forUpdate()
            .fetchOne(DEAD_LETTER.SEQUENCE_NUMBER);
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }

  /** A stream is taken up to {@code next}, that event excluded, by so many more events. */
  void advance(String stream, long next, long events) {
    sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.DEAD_LETTER_ID, IdGenerator.next().toString())
        .set(DEAD_LETTER.SEQUENCE_NUMBER, next)
        .set(DEAD_LETTER.FOLLOWERS, DEAD_LETTER.FOLLOWERS.minus(events))
        .set(DEAD_LETTER.ATTEMPTS, 0)
        .set(DEAD_LETTER.LAST_TOUCHED, Instant.now().toString())
        .where(isParked(stream))
        .execute();
    count(-events);
  }

  /** Nothing of a stream waits any more. */
  void release(String stream) {
    Long followers =
        sql.deleteFrom(DEAD_LETTER)
            .where(isParked(stream))
            .returning(DEAD_LETTER.FOLLOWERS)
            .fetchSingle(DEAD_LETTER.FOLLOWERS);
    count(-1 - Objects.requireNonNull(followers));
  }

  /** The event at which a stream is parked failed once more. */
  void failedAgain(String stream, DomainEventMessage<?> event, RuntimeException cause) {
    log.warn(
        "parked event failed again: projection={} stream={} event={} cause={}",
        projection,
        stream,
        event.getIdentifier(),
        cause.toString());
    sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.EVENT_IDENTIFIER, event.getIdentifier())
        .set(DEAD_LETTER.TIME_STAMP, event.getTimestamp().toString())
        .set(DEAD_LETTER.PAYLOAD_TYPE, event.getPayloadType().getName())
        .set(DEAD_LETTER.ATTEMPTS, DEAD_LETTER.ATTEMPTS.plus(1))
        .set(DEAD_LETTER.LAST_TOUCHED, Instant.now().toString())
        .set(DEAD_LETTER.CAUSE_TYPE, cause.getClass().getName())
        .set(DEAD_LETTER.CAUSE_MESSAGE, message(cause))
        .where(isParked(stream))
        .execute();
  }

  /** Leaves the event out at which a stream is parked, as a person decided; its followers wait. */
  void discard(String stream, long version) {
    sql.execute(
        """
        insert into kontor.discarded_event (
          tenant_id, projection, stream_id, sequence, cause, discarded_by, reason)
        select tenant_id, processing_group, split_part(aggregate_identifier, '/', 2)::uuid,
          sequence_number, cause_message, coalesce(requested_by, ''), coalesce(request_reason, '')
        from kontor.dead_letter where processing_group = ? and sequence_identifier = ?
        on conflict do nothing
        """,
        projection,
        stream);
    log.warn(
        "parked event discarded: projection={} stream={} version={}", projection, stream, version);
    advance(stream, version + 1, 1);
  }

  boolean isRequested(String stream, String what) {
    return sql.fetchExists(DEAD_LETTER, isParked(stream).and(DEAD_LETTER.REQUESTED.eq(what)));
  }

  /** What a person asked for is done, or is now this. */
  void requested(String stream, @Nullable String next) {
    sql.update(DEAD_LETTER).set(DEAD_LETTER.REQUESTED, next).where(isParked(stream)).execute();
  }

  private boolean isDiscarded(StreamId stream, long version) {
    return sql.fetchExists(
        DISCARDED_EVENT,
        DISCARDED_EVENT
            .TENANT_ID
            .eq(stream.tenant().value())
            .and(DISCARDED_EVENT.PROJECTION.eq(GenerationSchema.projection(projection)))
            .and(DISCARDED_EVENT.STREAM_ID.eq(stream.uuid()))
            .and(DISCARDED_EVENT.SEQUENCE.eq(version)));
  }

  private Condition isParked(String stream) {
    return DEAD_LETTER
        .PROCESSING_GROUP
        .eq(projection)
        .and(DEAD_LETTER.SEQUENCE_IDENTIFIER.eq(stream));
  }

  /** Keeps the number that operators see right. */
  private void count(long more) {
    sql.insertInto(PARKED_EVENTS)
        .set(PARKED_EVENTS.PROJECTION, projection)
        .set(PARKED_EVENTS.EVENTS, Math.max(0, more))
        .onConflict(PARKED_EVENTS.PROJECTION)
        .doUpdate()
        .set(PARKED_EVENTS.EVENTS, PARKED_EVENTS.EVENTS.plus(more))
        .execute();
  }

  private static String message(RuntimeException cause) {
    String text = String.valueOf(cause.getMessage()).replace('\0', ' ');
    return text.substring(0, Math.min(text.length(), LONGEST_CAUSE));
  }
}

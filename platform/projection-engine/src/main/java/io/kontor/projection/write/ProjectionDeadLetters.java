package io.kontor.projection.write;

import static io.kontor.projection.tables.Tables.DEAD_LETTER;
import static io.kontor.projection.tables.Tables.DISCARDED_EVENT;
import static io.kontor.projection.tables.Tables.PARKED_EVENTS;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.field;

import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.serialization.Serializer;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of one projection: a row per stream with its first failed event. Later events of
 * the stream are only counted here and read from the event table, so that a busy stream costs one
 * statement per batch. Runs in the caller's transaction.
 */
public final class ProjectionDeadLetters {
  private static final Logger log = LoggerFactory.getLogger(ProjectionDeadLetters.class);

  /** The database's clock as text in ISO 8601, the form of Axon's columns. */
  private static final Field<String> NOW =
      field(
          "to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
          String.class);

  private static final int MAX_CAUSE_LENGTH = 1_000;

  private final String projection;
  private final DSLContext sql;
  private final Serializer events;
  private final Consumer<ProjectionFailure> failed;

  /**
   * @param failed receives the tenant's first dead letter of a live projection
   */
  ProjectionDeadLetters(
      String projection, DSLContext sql, Serializer events, Consumer<ProjectionFailure> failed) {
    this.projection = projection;
    this.sql = sql;
    this.events = events;
    this.failed = failed;
  }

  /** Those of {@code streams} that have a dead letter. */
  public Set<String> among(Set<String> streams) {
    return among(sql, List.of(projection), streams).getOrDefault(projection, Set.of());
  }

  /** The same for several projections, without those that have none. */
  static Map<String, Set<String>> among(
      DSLContext sql, Collection<String> projections, Set<String> streams) {
    return sql
        .select(DEAD_LETTER.PROCESSING_GROUP, DEAD_LETTER.SEQUENCE_IDENTIFIER)
        .from(DEAD_LETTER)
        .where(DEAD_LETTER.PROCESSING_GROUP.eq(any(projections.toArray(String[]::new))))
        .and(DEAD_LETTER.SEQUENCE_IDENTIFIER.eq(any(streams.toArray(String[]::new))))
        .fetch()
        .intoGroups(DEAD_LETTER.PROCESSING_GROUP)
        .entrySet()
        .stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                letters -> letters.getValue().intoSet(DEAD_LETTER.SEQUENCE_IDENTIFIER)));
  }

  /** With its trace where it is new: a tool that reads the events again meets what was logged. */
  private void logParked(StreamId stream, DomainEventMessage<?> event, RuntimeException cause) {
    String id = event.getIdentifier();
    if (GenerationSchema.isScratch(projection)) {
      log.error(
          "event parked projection={} stream={} event={} cause=\"{}\"",
          projection,
          stream,
          id,
          cause.toString());
    } else {
      log.error("event parked projection={} stream={} event={}", projection, stream, id, cause);
    }
  }

  /**
   * Makes an event a dead letter; its stream waits from there on.
   *
   * @return false if the event was discarded before
   */
  boolean add(DomainEventMessage<?> event, RuntimeException cause) {
    StreamId stream = StreamId.parse(event.getAggregateIdentifier());
    if (isDiscarded(stream, event.getSequenceNumber())) {
      log.warn(
          "event left out projection={} stream={} event={}",
          projection,
          stream,
          event.getIdentifier());
      return false;
    }
    logParked(stream, event, cause);
    if (isFirstOf(stream.tenant())) {
      failed.accept(new ProjectionFailure(stream.tenant(), projection, event.getIdentifier()));
    }
    sql.insertInto(DEAD_LETTER)
        .set(DEAD_LETTER.DEAD_LETTER_ID, IdGenerator.next().toString())
        .set(DEAD_LETTER.PROCESSING_GROUP, projection)
        .set(DEAD_LETTER.SEQUENCE_IDENTIFIER, event.getAggregateIdentifier())
        .set(DEAD_LETTER.SEQUENCE_INDEX, 0L)
        .set(DEAD_LETTER.EVENT_IDENTIFIER, event.getIdentifier())
        .set(DEAD_LETTER.TIME_STAMP, event.getTimestamp().toString())
        .set(DEAD_LETTER.PAYLOAD_TYPE, storedType(event))
        .set(DEAD_LETTER.AGGREGATE_TYPE, String.valueOf(event.getType()))
        .set(DEAD_LETTER.AGGREGATE_IDENTIFIER, event.getAggregateIdentifier())
        .set(DEAD_LETTER.SEQUENCE_NUMBER, event.getSequenceNumber())
        .set(DEAD_LETTER.ENQUEUED_AT, NOW)
        .set(DEAD_LETTER.LAST_TOUCHED, NOW)
        .set(DEAD_LETTER.CAUSE_TYPE, cause.getClass().getName())
        .set(DEAD_LETTER.CAUSE_MESSAGE, message(cause))
        .execute();
    count(1);
    return true;
  }

  /**
   * Counts events that wait for a dead letter of their stream.
   *
   * @param followers number of events by stream
   */
  void follow(Map<String, Long> followers) {
    Map<String, Long> some = new HashMap<>(followers);
    some.values().removeIf(events -> events == 0);
    if (some.isEmpty()) {
      return;
    }
    sql.execute(
        """
        update dead_letter set followers = followers + new.events
        from unnest(?::text[], ?::bigint[]) new (stream, events)
        where processing_group = ? and sequence_identifier = new.stream
        """,
        some.keySet().toArray(String[]::new),
        some.values().toArray(Long[]::new),
        projection);
    count(some.values().stream().mapToLong(Long::longValue).sum());
  }

  /**
   * Locks a stream's dead letter and returns the version of its failed event; empty if there is
   * none.
   */
  public OptionalLong hold(String stream) {
    Long version =
        sql.select(DEAD_LETTER.SEQUENCE_NUMBER)
            .from(DEAD_LETTER)
            .where(letterOf(stream))
            .forUpdate()
            .fetchOne(DEAD_LETTER.SEQUENCE_NUMBER);
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }

  /**
   * Moves a dead letter to the event {@code next}, after {@code events} more events were processed.
   */
  public void advance(String stream, long next, long events) {
    sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.DEAD_LETTER_ID, IdGenerator.next().toString())
        .set(DEAD_LETTER.SEQUENCE_NUMBER, next)
        .set(DEAD_LETTER.FOLLOWERS, DEAD_LETTER.FOLLOWERS.minus(events))
        .set(DEAD_LETTER.ATTEMPTS, 0)
        .set(DEAD_LETTER.LAST_TOUCHED, NOW)
        .where(letterOf(stream))
        .execute();
    count(-events);
  }

  /** Deletes a stream's dead letter: no event waits any more. */
  public void release(String stream) {
    Long followers =
        sql.deleteFrom(DEAD_LETTER)
            .where(letterOf(stream))
            .returning(DEAD_LETTER.FOLLOWERS)
            .fetchSingle(DEAD_LETTER.FOLLOWERS);
    count(-1 - Objects.requireNonNull(followers));
  }

  /** Records that a dead letter failed again. */
  public void failedAgain(String stream, DomainEventMessage<?> event, RuntimeException cause) {
    log.warn(
        "parked event failed again projection={} stream={} event={} cause={}",
        projection,
        stream,
        event.getIdentifier(),
        cause.toString());
    sql.update(DEAD_LETTER)
        .set(DEAD_LETTER.EVENT_IDENTIFIER, event.getIdentifier())
        .set(DEAD_LETTER.TIME_STAMP, event.getTimestamp().toString())
        .set(DEAD_LETTER.PAYLOAD_TYPE, storedType(event))
        .set(DEAD_LETTER.ATTEMPTS, DEAD_LETTER.ATTEMPTS.plus(1))
        .set(DEAD_LETTER.LAST_TOUCHED, NOW)
        .set(DEAD_LETTER.CAUSE_TYPE, cause.getClass().getName())
        .set(DEAD_LETTER.CAUSE_MESSAGE, message(cause))
        .where(letterOf(stream))
        .execute();
  }

  /** Discards the failed event at the request of an operator; its followers still wait. */
  public void discard(String stream, long version) {
    sql.execute(
        """
        insert into discarded_event (
          tenant_id, projection, stream_id, sequence, cause, discarded_by, reason)
        select tenant_id, processing_group, split_part(aggregate_identifier, '/', 2)::uuid,
          sequence_number, cause_message, coalesce(requested_by, ''), coalesce(request_reason, '')
        from dead_letter where processing_group = ? and sequence_identifier = ?
        on conflict do nothing
        """,
        projection,
        stream);
    log.warn(
        "parked event discarded projection={} stream={} version={}", projection, stream, version);
    advance(stream, version + 1, 1);
  }

  public boolean isRequested(String stream, String what) {
    return sql.fetchExists(DEAD_LETTER, letterOf(stream).and(DEAD_LETTER.REQUESTED.eq(what)));
  }

  /** Sets or, with null, clears an operator's request. */
  public void requested(String stream, @Nullable String next) {
    sql.update(DEAD_LETTER).set(DEAD_LETTER.REQUESTED, next).where(letterOf(stream)).execute();
  }

  /** Whether a live projection has no dead letter of the tenant yet. */
  private boolean isFirstOf(TenantId tenant) {
    return projection.equals(GenerationSchema.projection(projection))
        && !sql.fetchExists(
            DEAD_LETTER,
            DEAD_LETTER
                .PROCESSING_GROUP
                .eq(projection)
                .and(DEAD_LETTER.TENANT_ID.eq(tenant.value())));
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

  private Condition letterOf(String stream) {
    return DEAD_LETTER
        .PROCESSING_GROUP
        .eq(projection)
        .and(DEAD_LETTER.SEQUENCE_IDENTIFIER.eq(stream));
  }

  /** Updates the number of waiting events that operators see. */
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
    return text.substring(0, Math.min(text.length(), MAX_CAUSE_LENGTH));
  }

  /** The name under which the event is stored, which does not change with its class. */
  private String storedType(DomainEventMessage<?> event) {
    return events.typeForClass(event.getPayloadType()).getName();
  }
}

package io.kontor.projections.engine;

import static io.kontor.projections.tables.Tables.DEAD_LETTER;
import static io.kontor.projections.tables.Tables.PARKED_EVENTS;
import static org.jooq.impl.DSL.any;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcDeadLetter;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcSequencedDeadLetterQueue;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.Decisions;
import org.axonframework.messaging.deadletter.EnqueueDecision;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one projection could not take: failed events and the later events of their streams, in
 * order. All but {@link #retry} works within the caller's transaction.
 */
final class ParkedEvents {
  private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);

  private final String projection;
  private final JdbcSequencedDeadLetterQueue<EventMessage<?>> queue;
  private final DSLContext sql;

  ParkedEvents(
      String projection, JdbcSequencedDeadLetterQueue<EventMessage<?>> queue, DSLContext sql) {
    this.projection = projection;
    this.queue = queue;
    this.sql = sql;
  }

  /** Those of {@code streams} that are parked. */
  Set<String> among(Set<String> streams) {
    return sql.selectDistinct(DEAD_LETTER.SEQUENCE_IDENTIFIER)
        .from(DEAD_LETTER)
        .where(DEAD_LETTER.PROCESSING_GROUP.eq(projection))
        .and(DEAD_LETTER.SEQUENCE_IDENTIFIER.eq(any(streams.toArray(String[]::new))))
        .fetchSet(DEAD_LETTER.SEQUENCE_IDENTIFIER);
  }

  void park(String stream, EventMessage<?> event, RuntimeException cause) {
    log.error(
        "event parked: projection={} stream={} event={}",
        projection,
        stream,
        event.getIdentifier(),
        cause);
    queue.enqueue(stream, new GenericDeadLetter<>(stream, event, cause));
  }

  /** Parks an event because its stream is parked. */
  void follow(String stream, EventMessage<?> event) {
    queue.enqueue(stream, new GenericDeadLetter<>(stream, event));
  }

  /** Keeps the number that operators see right. */
  void recount() {
    long events = queue.size();
    sql.insertInto(PARKED_EVENTS)
        .set(PARKED_EVENTS.PROJECTION, projection)
        .set(PARKED_EVENTS.EVENTS, events)
        .onConflict(PARKED_EVENTS.PROJECTION)
        .doUpdate()
        .set(PARKED_EVENTS.EVENTS, events)
        .execute();
  }

  /**
   * Tries each parked stream once more, each in a transaction, up to its first event that fails
   * again.
   *
   * @param live is not swapped meanwhile
   * @param wanted by stream
   * @param again takes an event again and answers why it failed, when it did
   */
  void retry(
      TransactionManager transactions,
      LiveGeneration live,
      Predicate<String> wanted,
      Function<EventMessage<?>, Optional<RuntimeException>> again) {
    Set<String> tried = new HashSet<>();
    int before;
    do {
      before = tried.size();
      transactions.executeInTransaction(
          () -> {
            live.hold();
            queue.process(
                letter -> wanted.test(stream(letter)) && tried.add(stream(letter)),
                letter -> decide(again.apply(letter.message())));
            recount();
          });
    } while (tried.size() > before);
  }

  private static EnqueueDecision<EventMessage<?>> decide(Optional<RuntimeException> failure) {
    return failure.isPresent() ? Decisions.requeue(failure.get()) : Decisions.evict();
  }

  private static String stream(DeadLetter<? extends EventMessage<?>> letter) {
    return ((JdbcDeadLetter<?>) letter).getSequenceIdentifier();
  }
}

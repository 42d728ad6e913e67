package io.kontor.projections.engine;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.StreamPage;
import io.kontor.tenancy.StreamId;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * Takes a parked stream from its failed event on, up to where the projection is or up to the next
 * event that fails, in transactions of a limited size: batches of other streams wait for one only.
 */
final class DeadLetterRetry {
  private static final int AT_ONCE = 500;

  private final ProjectionDeadLetters parked;
  private final ProjectionCheckpoint live;
  private final Projector<?> projector;
  private final EventPageReader events;
  private final TransactionManager transactions;

  DeadLetterRetry(
      ProjectionDeadLetters parked,
      ProjectionCheckpoint live,
      Projector<?> projector,
      EventPageReader events,
      TransactionManager transactions) {
    this.parked = parked;
    this.live = live;
    this.projector = projector;
    this.events = events;
    this.transactions = transactions;
  }

  void retry(String stream) {
    int next = AT_ONCE;
    while (next > 0) {
      int limit = next;
      next = transactions.fetchInTransaction(() -> take(stream, limit));
    }
  }

  /** Leaves the failed event out, then takes those behind it. */
  void discard(String stream) {
    transactions.executeInTransaction(
        () -> {
          live.hold();
          OptionalLong failed = parked.hold(stream);
          // Another node may have done it meanwhile: the next event is not meant.
          if (failed.isPresent() && parked.isRequested(stream, DeadLetterService.DISCARD)) {
            parked.discard(stream, failed.getAsLong());
            parked.requested(stream, DeadLetterService.RETRY);
          }
        });
    retry(stream);
  }

  /** Answers how many events to try next; none, when the stream is at its end or still fails. */
  private int take(String stream, int limit) {
    long position = live.hold();
    OptionalLong failed = parked.hold(stream);
    if (failed.isEmpty()) {
      return 0;
    }
    long from = failed.getAsLong();
    StreamPage page = events.read(StreamId.parse(stream), from, position, limit);
    long taken = page.next() - from;
    Optional<RuntimeException> failure = projector.retry(page.events());
    if (failure.isEmpty()) {
      return advance(stream, page.next(), taken, limit);
    }
    if (taken > 1) {
      return (int) taken / 2;
    }
    parked.failedAgain(stream, (DomainEventMessage<?>) page.events().getFirst(), failure.get());
    parked.requested(stream, null);
    return 0;
  }

  private int advance(String stream, long next, long taken, int limit) {
    if (taken < limit) {
      parked.release(stream);
      return 0;
    }
    parked.advance(stream, next, taken);
    return AT_ONCE;
  }
}

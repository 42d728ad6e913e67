package io.kontor.projection.deadletter;

import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventPageReader.StreamPage;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectionDeadLetters;
import io.kontor.projection.write.Projector;
import io.kontor.tenancy.StreamId;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * Retries a stream from its failed event up to the checkpoint or the next failure, in transactions
 * of limited size, so that batches of other streams wait for one of them at most.
 */
final class DeadLetterRetry {
  private static final int BATCH_SIZE = 500;

  private final ProjectionDeadLetters deadLetters;
  private final ProjectionCheckpoint checkpoint;
  private final Projector<?> projector;
  private final EventPageReader events;
  private final TransactionManager transactions;

  DeadLetterRetry(
      ProjectionDeadLetters deadLetters,
      ProjectionCheckpoint checkpoint,
      Projector<?> projector,
      EventPageReader events,
      TransactionManager transactions) {
    this.deadLetters = deadLetters;
    this.checkpoint = checkpoint;
    this.projector = projector;
    this.events = events;
    this.transactions = transactions;
  }

  void retry(String stream) {
    int next = BATCH_SIZE;
    while (next > 0) {
      int limit = next;
      next = transactions.fetchInTransaction(() -> retryBatch(stream, limit));
    }
  }

  /** Discards the failed event, then retries the following ones. */
  void discard(String stream) {
    transactions.executeInTransaction(
        () -> {
          checkpoint.hold();
          OptionalLong failed = deadLetters.hold(stream);
          // Another node may have discarded it meanwhile; the next failed event must not be
          // discarded, too.
          if (failed.isPresent() && deadLetters.isRequested(stream, DeadLetterService.DISCARD)) {
            deadLetters.discard(stream, failed.getAsLong());
            deadLetters.requested(stream, DeadLetterService.RETRY);
          }
        });
    retry(stream);
  }

  /** Returns how many events to try next; 0 if the stream is complete or still fails. */
  private int retryBatch(String stream, int limit) {
    long position = checkpoint.hold();
    OptionalLong failed = deadLetters.hold(stream);
    if (failed.isEmpty()) {
      return 0;
    }
    long from = failed.getAsLong();
    StreamPage page = events.read(StreamId.parse(stream), from, position, limit);
    long count = page.next() - from;
    Optional<RuntimeException> failure = projector.retry(page.events());
    if (failure.isEmpty()) {
      checkpoint.beginEdition();
      return advance(stream, page.next(), count, limit);
    }
    if (count > 1) {
      return (int) count / 2;
    }
    deadLetters.failedAgain(
        stream, (DomainEventMessage<?>) page.events().getFirst(), failure.get());
    deadLetters.requested(stream, null);
    return 0;
  }

  private int advance(String stream, long next, long count, int limit) {
    if (count < limit) {
      deadLetters.release(stream);
      return 0;
    }
    deadLetters.advance(stream, next, count);
    return BATCH_SIZE;
  }
}

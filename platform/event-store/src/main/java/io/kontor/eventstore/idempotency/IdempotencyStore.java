package io.kontor.eventstore.idempotency;

import io.kontor.eventstore.append.QueuedAppend.AnswerRow;
import io.kontor.eventstore.event.StoreBusyException;
import java.util.Optional;

/** Where answers are kept: with the events that they tell of, so that nothing separates the two. */
public interface IdempotencyStore {

  /** What the current tenant's key has been answered with. */
  Optional<IdempotencyRecord> find(String key);

  /**
   * Makes an answer durable that belongs to no single command.
   *
   * @return the position at which it stands
   * @throws DuplicateRequestException when the key has been answered before
   * @throws StoreBusyException when the store can't take it now
   */
  long append(AnswerRow answer);
}

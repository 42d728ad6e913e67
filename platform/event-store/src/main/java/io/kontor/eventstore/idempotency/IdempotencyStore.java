package io.kontor.eventstore.idempotency;

import io.kontor.eventstore.event.StoreBusyException;
import java.util.Optional;

/** Stores idempotency records together with the events of their commands. */
public interface IdempotencyStore {

  /** The record of the current tenant's key. */
  Optional<IdempotencyRecord> find(String key);

  /**
   * Stores a record that belongs to no single command.
   *
   * @return the record's position
   * @throws DuplicateRequestException when the key has a record already
   * @throws StoreBusyException when the store can't take it now
   */
  long append(IdempotencyRow answer);
}

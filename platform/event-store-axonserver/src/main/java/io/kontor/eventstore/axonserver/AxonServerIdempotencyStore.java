package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.idempotency.DuplicateRequestException;
import io.kontor.eventstore.idempotency.IdempotencyRecord;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.idempotency.IdempotencyStore;
import io.kontor.tenancy.TenantContext;
import java.util.List;
import java.util.Optional;
import org.axonframework.modelling.command.ConcurrencyException;

/** Stores idempotency records as events, appended in the transaction of their command's events. */
public final class AxonServerIdempotencyStore implements IdempotencyStore {
  private final AxonServerEventStorageEngine engine;

  public AxonServerIdempotencyStore(AxonServerEventStorageEngine engine) {
    this.engine = engine;
  }

  /** The record's own position is unknown, so the head is returned, which is at or after it. */
  @Override
  public Optional<IdempotencyRecord> find(String key) {
    return engine
        .answerTo(TenantContext.current(), key)
        .map(
            answered ->
                new IdempotencyRecord(
                    answered.fingerprint(), answered.answer(), engine.lastPosition()));
  }

  @Override
  public long append(IdempotencyRow answer) {
    try {
      return engine.append(List.of(), answer);
    } catch (ConcurrencyException sameKeyAtOnce) {
      throw new DuplicateRequestException(answer.key());
    }
  }
}

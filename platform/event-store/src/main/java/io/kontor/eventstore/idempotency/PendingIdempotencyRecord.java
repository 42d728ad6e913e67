package io.kontor.eventstore.idempotency;

import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** An idempotency record to be appended with its unit of work's events. */
public final class PendingIdempotencyRecord {
  private static final String KEY = PendingIdempotencyRecord.class.getName();

  private PendingIdempotencyRecord() {}

  public static void put(UnitOfWork<?> unitOfWork, IdempotencyRow answer) {
    unitOfWork.root().resources().put(KEY, answer);
  }

  public static @Nullable IdempotencyRow take(UnitOfWork<?> unitOfWork) {
    return (IdempotencyRow) unitOfWork.root().resources().remove(KEY);
  }
}

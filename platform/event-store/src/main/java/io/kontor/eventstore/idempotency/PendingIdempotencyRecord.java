package io.kontor.eventstore.idempotency;

import io.kontor.eventstore.append.QueuedAppend.AnswerRow;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** An idempotency record to be appended with its unit of work's events. */
public final class PendingIdempotencyRecord {
  private static final String KEY = PendingIdempotencyRecord.class.getName();

  private PendingIdempotencyRecord() {}

  public static void put(UnitOfWork<?> unitOfWork, AnswerRow answer) {
    unitOfWork.root().resources().put(KEY, answer);
  }

  public static @Nullable AnswerRow take(UnitOfWork<?> unitOfWork) {
    return (AnswerRow) unitOfWork.root().resources().remove(KEY);
  }
}

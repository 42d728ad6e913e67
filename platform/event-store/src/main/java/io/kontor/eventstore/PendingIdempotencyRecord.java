package io.kontor.eventstore;

import io.kontor.eventstore.QueuedAppend.AnswerRow;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** An answer that waits to be appended with its unit of work's events. */
final class PendingIdempotencyRecord {
  private static final String KEY = PendingIdempotencyRecord.class.getName();

  private PendingIdempotencyRecord() {}

  static void put(UnitOfWork<?> unitOfWork, AnswerRow answer) {
    unitOfWork.root().resources().put(KEY, answer);
  }

  static @Nullable AnswerRow take(UnitOfWork<?> unitOfWork) {
    return (AnswerRow) unitOfWork.root().resources().remove(KEY);
  }
}

package io.kontor.eventstore;

import io.kontor.eventstore.AppendUnit.AnswerRow;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** An answer that waits to be appended with its unit of work's events. */
final class PendingAnswer {
  private static final String KEY = PendingAnswer.class.getName();

  private PendingAnswer() {}

  static void put(UnitOfWork<?> unitOfWork, AnswerRow answer) {
    unitOfWork.root().resources().put(KEY, answer);
  }

  static @Nullable AnswerRow take(UnitOfWork<?> unitOfWork) {
    return (AnswerRow) unitOfWork.root().resources().remove(KEY);
  }
}

package io.kontor.eventstore;

import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** How far in the store a unit of work has come. */
final class CommittedPosition {
  private static final String KEY = CommittedPosition.class.getName();

  private CommittedPosition() {}

  static void set(UnitOfWork<?> unitOfWork, long position) {
    unitOfWork.root().resources().put(KEY, position);
  }

  static @Nullable Long of(UnitOfWork<?> unitOfWork) {
    return unitOfWork.root().getResource(KEY);
  }
}

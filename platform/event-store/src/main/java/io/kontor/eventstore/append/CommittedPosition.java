package io.kontor.eventstore.append;

import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** The position that a unit of work has reached. */
public final class CommittedPosition {
  private static final String KEY = CommittedPosition.class.getName();

  private CommittedPosition() {}

  public static void set(UnitOfWork<?> unitOfWork, long position) {
    unitOfWork.root().resources().put(KEY, position);
  }

  public static @Nullable Long of(UnitOfWork<?> unitOfWork) {
    return unitOfWork.root().getResource(KEY);
  }
}

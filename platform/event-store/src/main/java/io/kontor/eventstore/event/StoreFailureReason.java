package io.kontor.eventstore.event;

import io.kontor.eventstore.idempotency.DuplicateRequestException;
import java.util.Optional;
import org.axonframework.messaging.HandlerExecutionException;

/**
 * Why the store did not take a command, where the bank's rules had nothing against it. It is the
 * details of the exception, and so crosses nodes as a rejection does.
 */
public enum StoreFailureReason {
  /** Not now; see {@link StoreBusyException}. */
  BUSY,
  /** Its idempotency key has been answered before; see {@link DuplicateRequestException}. */
  ANSWERED_BEFORE;

  /** The reason that a command failed for, on whatever node that was; empty when another one. */
  public static Optional<StoreFailureReason> of(Throwable failure) {
    return HandlerExecutionException.resolveDetails(failure)
        .filter(StoreFailureReason.class::isInstance)
        .map(StoreFailureReason.class::cast);
  }
}

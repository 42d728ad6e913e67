package io.kontor.eventstore.event;

import io.kontor.eventstore.idempotency.DuplicateRequestException;
import java.util.Optional;
import org.axonframework.messaging.HandlerExecutionException;

/**
 * Why the store rejected a command for a technical reason. Sent as the details of the exception, so
 * it crosses nodes like a business rejection.
 */
public enum StoreFailureReason {
  /** The store is full or unreachable; see {@link StoreBusyException}. */
  BUSY,
  /** The idempotency key has a record already; see {@link DuplicateRequestException}. */
  ANSWERED_BEFORE;

  /**
   * The reason of a command's failure, on this or another node; empty when the store is not the
   * cause.
   */
  public static Optional<StoreFailureReason> of(Throwable failure) {
    return HandlerExecutionException.resolveDetails(failure)
        .filter(StoreFailureReason.class::isInstance)
        .map(StoreFailureReason.class::cast);
  }
}

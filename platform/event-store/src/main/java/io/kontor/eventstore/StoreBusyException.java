package io.kontor.eventstore;

/**
 * The store can't take more right now, or can't be reached; try again later. A command that failed
 * so may have become durable if the store was lost while it was being written: its idempotency key
 * tells.
 */
public final class StoreBusyException extends RuntimeException {
  public StoreBusyException(String message) {
    super(message, null, false, false);
  }
}

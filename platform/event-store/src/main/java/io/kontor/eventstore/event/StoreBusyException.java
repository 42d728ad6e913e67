package io.kontor.eventstore.event;

import org.axonframework.commandhandling.CommandExecutionException;

/**
 * The store can't take more right now, or can't be reached; try again later. A command that failed
 * so may have become durable if the store was lost while it was being written: its idempotency key
 * tells.
 */
public final class StoreBusyException extends CommandExecutionException {
  public StoreBusyException(String message) {
    super(message, null, StoreFailureReason.BUSY, false);
  }
}

package io.kontor.eventstore.event;

import org.axonframework.commandhandling.CommandExecutionException;

/**
 * The store is full or can't be reached; retry later. If the connection was lost during the append,
 * the command may be durable: look up its idempotency key.
 */
public final class StoreBusyException extends CommandExecutionException {
  public StoreBusyException(String message) {
    super(message, null, StoreFailureReason.BUSY, false);
  }
}

package io.kontor.eventstore.idempotency;

import io.kontor.eventstore.event.StoreFailureReason;
import org.axonframework.commandhandling.CommandExecutionException;

/** The command's idempotency key has a record already; nothing was appended. */
public final class DuplicateRequestException extends CommandExecutionException {
  public DuplicateRequestException(String key) {
    super(
        "the idempotency key '%s' has been used before".formatted(key),
        null,
        StoreFailureReason.ANSWERED_BEFORE,
        false);
  }
}

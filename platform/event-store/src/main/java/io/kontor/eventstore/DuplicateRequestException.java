package io.kontor.eventstore;

/** A command's idempotency key has been answered before; nothing was appended. */
public final class DuplicateRequestException extends RuntimeException {
  public DuplicateRequestException(String key) {
    super("the idempotency key '%s' has been used before".formatted(key), null, false, false);
  }
}

package io.kontor.integration.outbox;

/**
 * The published events are not those in this database, so going on would skip or repeat events. A
 * retry does not help: an operator decides.
 */
final class ForeignProgressException extends IllegalStateException {
  ForeignProgressException(String message) {
    super(message);
  }
}

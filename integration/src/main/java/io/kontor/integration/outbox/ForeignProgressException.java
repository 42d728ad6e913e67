package io.kontor.integration.outbox;

/**
 * What was published is not what this database holds, so that going on would leave events out or
 * repeat them. Nothing changes that by itself: an operator decides.
 */
final class ForeignProgressException extends IllegalStateException {
  ForeignProgressException(String message) {
    super(message);
  }
}

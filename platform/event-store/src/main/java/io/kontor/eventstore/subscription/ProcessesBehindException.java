package io.kontor.eventstore.subscription;

/** Events can't be imported now, because event processors would skip events. */
public final class ProcessesBehindException extends RuntimeException {
  ProcessesBehindException(String message) {
    super(message);
  }
}

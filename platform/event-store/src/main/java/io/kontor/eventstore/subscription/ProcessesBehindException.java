package io.kontor.eventstore.subscription;

/** Events can't be imported now, because processes would leave out what they still have to do. */
public final class ProcessesBehindException extends RuntimeException {
  ProcessesBehindException(String message) {
    super(message);
  }
}

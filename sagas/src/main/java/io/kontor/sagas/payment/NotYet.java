package io.kontor.sagas.payment;

/** Tells the schedule to come back; there is nothing to find in a trace of the stack. */
final class NotYet extends RuntimeException {
  NotYet(String message) {
    super(message, null, false, false);
  }
}

package io.kontor.sagas.schedule;

/** Tells the schedule to come back; there is nothing to find in a trace of the stack. */
public final class NotYet extends RuntimeException {
  /**
   * @param message what is missing still
   */
  public NotYet(String message) {
    super(message, null, false, false);
  }
}

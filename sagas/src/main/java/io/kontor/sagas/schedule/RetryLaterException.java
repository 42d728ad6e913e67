package io.kontor.sagas.schedule;

import io.kontor.resilience.ForeignText;

/** Tells the schedule to come back; there is nothing to find in a trace of the stack. */
public final class RetryLaterException extends RuntimeException {
  private final String why;

  /**
   * @param what is not done yet
   * @param why what is missing still, for a person to whom it may be left
   */
  public RetryLaterException(Object what, String why) {
    super(what + ": " + why, null, false, false);
    this.why = ForeignText.line(why, "no reason is known");
  }

  String why() {
    return why;
  }
}

package io.kontor.sagas.schedule;

import io.kontor.resilience.ForeignText;

/** Makes the scheduler retry the task. Has no stack trace: it is not an error of this code. */
public final class RetryLaterException extends RuntimeException {
  private final String why;

  /**
   * @param what is not done yet
   * @param why the reason, shown to an operator if the task is given up
   */
  public RetryLaterException(Object what, String why) {
    super(what + ": " + why, null, false, false);
    this.why = ForeignText.line(why, "no reason is known");
  }

  String why() {
    return why;
  }
}

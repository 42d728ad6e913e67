package io.kontor.job;

import io.kontor.resilience.ForeignText;

/** Makes the scheduler retry the task. Has no stack trace: it is not an error of this code. */
public final class RetryLaterException extends RuntimeException {
  private final String reason;

  /**
   * @param subject the id of what the task is about
   * @param reason why it is not done yet, shown to an operator if the task is given up
   */
  public RetryLaterException(Object subject, String reason) {
    super(subject + ": " + reason, null, false, false);
    this.reason = ForeignText.line(reason, "no reason is known");
  }

  String reason() {
    return reason;
  }
}

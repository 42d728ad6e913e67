package io.kontor.job;

import io.kontor.httpclient.ForeignText;

/** Makes the scheduler retry the task. Has no stack trace: it is not an error of this code. */
public final class RetryLaterException extends RuntimeException {
  private final String reason;

  /**
   * @param reason why it is not done yet, shown to an operator if the task is given up
   */
  public RetryLaterException(String reason) {
    super(reason, null, false, false);
    this.reason = ForeignText.line(reason, "no reason is known");
  }

  String reason() {
    return reason;
  }
}

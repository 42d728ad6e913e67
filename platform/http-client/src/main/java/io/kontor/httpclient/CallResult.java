package io.kontor.httpclient;

/**
 * How a call ended. A rejection is final: a retry would be rejected again. A failure is not: a
 * retry may succeed, and must be idempotent where {@link CallFailure#mayHaveBeenDone()}.
 */
public sealed interface CallResult<T> {

  /** Success (any 2xx). */
  record Done<T>(T body) implements CallResult<T> {}

  /**
   * The other party rejected the call.
   *
   * @param status the HTTP status, 400 to 499
   * @param reason the other party's reason, as {@link ForeignText#line}
   */
  record Refused<T>(int status, String reason) implements CallResult<T> {
    public Refused {
      reason = ForeignText.line(reason, "status " + status);
    }

    /** Whether the requested resource does not exist there. */
    public boolean isUnknown() {
      return status == 404;
    }
  }

  /**
   * No valid response.
   *
   * @param detail for an operator, as {@link ForeignText#line}: it may quote the other party
   */
  record Failed<T>(CallFailure fault, String detail) implements CallResult<T> {
    public Failed {
      detail = ForeignText.line(detail, "fault " + fault);
    }
  }
}

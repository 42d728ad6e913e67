package io.kontor.resilience;

/**
 * How a call ended. A refusal is an answer: asking again would be answered alike. A failure is
 * none: asking again may help, and must be idempotent where {@link CallFailure#mayHaveBeenDone()}.
 */
public sealed interface CallResult<T> {

  /** It was done (any 2xx). */
  record Done<T>(T body) implements CallResult<T> {}

  /**
   * The other party said no.
   *
   * @param status the HTTP status, 400 to 499
   * @param reason what the other party gave as its reason, as {@link ForeignText#line}
   */
  record Refused<T>(int status, String reason) implements CallResult<T> {
    public Refused {
      reason = ForeignText.line(reason, "status " + status);
    }

    /** Whether what was asked for does not exist there. */
    public boolean isUnknown() {
      return status == 404;
    }
  }

  /**
   * No answer that means anything.
   *
   * @param detail for the person who looks into it, as {@link ForeignText#line}: it may quote what
   *     the other party sent
   */
  record Failed<T>(CallFailure fault, String detail) implements CallResult<T> {
    public Failed {
      detail = ForeignText.line(detail, "fault " + fault);
    }
  }
}

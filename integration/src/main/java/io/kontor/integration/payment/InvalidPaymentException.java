package io.kontor.integration.payment;

import io.kontor.httpclient.ForeignText;
import org.jspecify.annotations.Nullable;

/** A message that can't be booked; retries don't help. */
final class InvalidPaymentException extends RuntimeException {
  private final String reason;

  /**
   * @param reason a stable slug
   * @param detail one sentence for the sender; it may quote the message and is sanitized
   */
  InvalidPaymentException(String reason, @Nullable String detail) {
    super(ForeignText.line(detail, reason), null, false, false);
    this.reason = reason;
  }

  /** The one in the causes of {@code failure}, or a generic one with the root cause. */
  static InvalidPaymentException in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidPaymentException found) {
        return found;
      }
    }
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new InvalidPaymentException("failed", cause.toString());
  }

  String reason() {
    return reason;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}

package io.kontor.integration.payment;

import io.kontor.resilience.ForeignText;
import org.jspecify.annotations.Nullable;

/** A message that can't be booked, however often it is tried. */
final class InvalidPaymentException extends RuntimeException {
  private final String reason;

  /**
   * @param reason a stable slug
   * @param detail one sentence for the sender; it may quote what was sent, and is cleaned
   */
  InvalidPaymentException(String reason, @Nullable String detail) {
    super(ForeignText.line(detail, reason), null, false, false);
    this.reason = reason;
  }

  /** The one that {@code failure} is about. */
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

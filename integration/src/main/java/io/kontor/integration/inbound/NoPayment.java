package io.kontor.integration.inbound;

/** A message that can't be booked, however often it is tried. */
final class NoPayment extends RuntimeException {
  private final String reason;

  /**
   * @param reason a stable slug
   * @param detail one sentence for whoever sent it
   */
  NoPayment(String reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  /** The one that {@code failure} is about. */
  static NoPayment in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoPayment found) {
        return found;
      }
    }
    return new NoPayment("failed", String.valueOf(failure.getMessage()));
  }

  String reason() {
    return reason;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}

package io.kontor.console.page;

import io.kontor.web.problem.ProblemException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Texts of forms: an empty field is sent as an empty text and means that nothing was written. */
final class FormText {
  private FormText() {}

  /** The idempotency key of a form, new where the request has none. */
  static String key(@Nullable String key) {
    return key == null || key.isBlank() ? UUID.randomUUID().toString() : key;
  }

  static @Nullable String ofOptional(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /**
   * A whole number; null when nothing was written.
   *
   * @throws ProblemException when it is none
   */
  static @Nullable Integer number(String field, @Nullable String text) {
    String written = ofOptional(text);
    try {
      return written == null ? null : Integer.valueOf(written);
    } catch (NumberFormatException malformed) {
      throw ProblemException.invalid(field, "must be a whole number");
    }
  }
}

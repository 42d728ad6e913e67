package io.kontor.console.page;

import io.kontor.web.problem.ProblemException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Days of forms. */
final class Days {
  private Days() {}

  /**
   * @throws ProblemException when it is no day
   */
  static LocalDate of(String field, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException malformed) {
      throw ProblemException.invalid(field, "must be a day such as 2026-01-31");
    }
  }

  /**
   * The instant at which a day, or one later, begins in UTC; null without a day.
   *
   * @throws ProblemException when it is no day
   */
  static @Nullable String startOf(String field, @Nullable String day, int later) {
    return day == null || day.isBlank()
        ? null
        : of(field, day).plusDays(later).atStartOfDay(ZoneOffset.UTC).toInstant().toString();
  }
}

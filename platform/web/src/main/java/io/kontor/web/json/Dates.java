package io.kontor.web.json;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Parses dates of RFC 3339, within the years that the database supports. */
final class Dates {
  private static final int LENGTH = 10;

  private Dates() {}

  /**
   * @throws IllegalArgumentException when the form differs, or the year is before 1 or after 9999
   */
  static LocalDate parse(String text) {
    if (text.length() == LENGTH) {
      try {
        LocalDate date = LocalDate.parse(text);
        if (date.getYear() >= 1) {
          return date;
        }
      } catch (DateTimeException malformed) {
        // reported below, like a year out of range
      }
    }
    throw new IllegalArgumentException("a date is written such as 2026-01-31");
  }
}

package io.kontor.web.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Parses times of RFC 3339, within the years that the database supports. */
public final class Instants {
  private static final int LONGEST = 40;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Instants() {}

  /**
   * @throws IllegalArgumentException when the form differs, or the year is before 1 or after 9999
   */
  public static Instant parse(String text) {
    if (text.length() <= LONGEST) {
      try {
        Instant instant = OffsetDateTime.parse(text).toInstant();
        if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
          return instant;
        }
      } catch (DateTimeException malformed) {
        // reported below, like a year out of range
      }
    }
    throw new IllegalArgumentException("a time is written such as 2026-01-31T00:00:00Z");
  }
}

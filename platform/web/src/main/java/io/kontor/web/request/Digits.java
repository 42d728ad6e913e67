package io.kontor.web.request;

import java.util.regex.Pattern;

/** Parses non-negative numbers written in ASCII digits only. */
public final class Digits {
  private static final int MOST = 18;
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private Digits() {}

  /**
   * @throws IllegalArgumentException when it is not 1 to 18 decimal digits
   */
  public static long parse(String text) {
    if (text.length() > MOST || !DIGITS.matcher(text).matches()) {
      throw new IllegalArgumentException("a number is 1 to %d decimal digits".formatted(MOST));
    }
    return Long.parseLong(text);
  }

  /**
   * @throws IllegalArgumentException when it is not decimal digits, or too large for an {@code int}
   */
  public static int parseInt(String text) {
    long number = parse(text);
    if (number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a number is at most " + Integer.MAX_VALUE);
    }
    return (int) number;
  }
}

package io.kontor.tenancy;

import java.util.HexFormat;
import java.util.UUID;

/** Parses UUIDs in the form of RFC 9562; Java's parser also accepts {@code 1-1-1-1-1}. */
public final class Uuids {
  private static final int LENGTH = 36;

  private Uuids() {}

  public static boolean isUuid(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean isBetweenGroups = i == 8 || i == 13 || i == 18 || i == 23;
      boolean isRight = isBetweenGroups ? c == '-' : HexFormat.isHexDigit(c);
      if (!isRight) {
        return false;
      }
    }
    return true;
  }

  /**
   * @throws IllegalArgumentException when the form differs
   */
  public static UUID parse(String text) {
    if (!isUuid(text)) {
      throw new IllegalArgumentException(
          "a UUID is written as 36 characters, such as 0198c0de-0000-7000-8000-000000000001");
    }
    return UUID.fromString(text);
  }
}

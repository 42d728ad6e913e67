package io.kontor.tenancy;

import java.util.UUID;
import java.util.regex.Pattern;

/** Parses UUIDs in the form of RFC 9562; Java's parser also accepts {@code 1-1-1-1-1}. */
public final class Uuids {
  private static final int LENGTH = 36;
  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Uuids() {}

  public static boolean isUuid(String text) {
    return text.length() == LENGTH && FORM.matcher(text).matches();
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

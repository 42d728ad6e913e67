package io.kontor.tenancy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A tenant's name, part of every stream identity.
 *
 * @param value a lower-case letter, then 1 to 38 lower-case letters, digits or hyphens
 */
public record TenantId(@JsonValue String value) {
  private static final int LONGEST = 39;

  /**
   * @throws IllegalArgumentException when the name is malformed
   */
  @JsonCreator
  public TenantId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "a tenant id is a lower-case letter followed by 1 to 38 lower-case letters, digits or"
              + " hyphens");
    }
  }

  /**
   * Whether it is a tenant's name. Without a regular expression: each request asks several times.
   */
  public static boolean isValid(String value) {
    if (value.length() < 2 || value.length() > LONGEST || !isLetter(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isLetter(c) && c != '-' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  @Override
  public String toString() {
    return value;
  }
}

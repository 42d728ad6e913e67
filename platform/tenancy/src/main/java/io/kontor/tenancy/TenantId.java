package io.kontor.tenancy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A tenant's name, part of every stream identity.
 *
 * @param value a lower-case letter, then 1 to 38 lower-case letters, digits or hyphens
 */
public record TenantId(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{1,38}");

  /**
   * @throws IllegalArgumentException when the name is malformed
   */
  @JsonCreator
  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a tenant id is a lower-case letter followed by 1 to 38 lower-case letters, digits or"
              + " hyphens");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

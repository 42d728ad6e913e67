package io.kontor.tenancy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * An event stream's identity, written {@code <tenant>/<uuid>}. The tenant is part of it, so another
 * tenant's stream cannot even be named.
 */
public record StreamId(TenantId tenant, UUID uuid) {
  private static final int UUID_LENGTH = 36;

  /**
   * @throws IllegalArgumentException when {@code text} has another form
   */
  @JsonCreator
  public static StreamId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || text.length() - slash - 1 != UUID_LENGTH) {
      throw new IllegalArgumentException(
          "a stream is named <tenant>/<uuid>, not '%s'".formatted(text));
    }
    return new StreamId(
        new TenantId(text.substring(0, slash)), UUID.fromString(text.substring(slash + 1)));
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

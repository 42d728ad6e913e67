package io.kontor.tenancy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * An event stream's identity, written {@code <tenant>/<uuid>}. The tenant is part of it, so another
 * tenant's stream cannot even be named.
 */
public record StreamId(TenantId tenant, UUID uuid) {
  /**
   * @throws IllegalArgumentException when {@code text} has another form
   */
  @JsonCreator
  public static StreamId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("a stream is named <tenant>/<uuid>");
    }
    return new StreamId(
        new TenantId(text.substring(0, slash)), Uuids.parse(text.substring(slash + 1)));
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

package io.kontor.eventstore;

import io.kontor.tenancy.TenantId;
import java.util.UUID;

/** A stream's identity, written {@code <tenant>/<uuid>}. */
public record StreamId(TenantId tenant, UUID uuid) {

  /**
   * @throws IllegalArgumentException when {@code text} has another form
   */
  public static StreamId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "a stream is named <tenant>/<uuid>, not '%s'".formatted(text));
    }
    return new StreamId(
        new TenantId(text.substring(0, slash)), UUID.fromString(text.substring(slash + 1)));
  }

  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

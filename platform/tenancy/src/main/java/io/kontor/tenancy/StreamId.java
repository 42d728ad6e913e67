package io.kontor.tenancy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/**
 * An event stream's id, written {@code <tenant>/<uuid>}. It contains the tenant, so that code bound
 * to one tenant can't address another's streams.
 */
public record StreamId(TenantId tenant, UUID uuid) {
  /**
   * @throws IllegalArgumentException when {@code text} is malformed
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

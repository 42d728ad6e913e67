package io.kontor.api.order;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;

/** An order's id, which is also the id of its stream. */
public record OrderId(TenantId tenant, UUID uuid) {

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static OrderId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new OrderId(stream.tenant(), stream.uuid());
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

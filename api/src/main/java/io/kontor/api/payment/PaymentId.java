package io.kontor.api.payment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;

/**
 * A payment's id, which is also the id of its stream. Its UUID is the reference at the clearing
 * house.
 */
public record PaymentId(TenantId tenant, UUID uuid) {

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static PaymentId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new PaymentId(stream.tenant(), stream.uuid());
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

package io.kontor.api.endofday;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;

/** The id of the stream of a tenant's bank days, of which it has one. */
public record BankDayId(TenantId tenant, UUID uuid) {
  private static final UUID BANK_DAYS = UUID.fromString("b4e0d1c2-6a7f-5d38-8f19-2c5e9a7b3d60");

  public static BankDayId of(TenantId tenant) {
    return new BankDayId(tenant, BANK_DAYS);
  }

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static BankDayId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new BankDayId(stream.tenant(), stream.uuid());
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

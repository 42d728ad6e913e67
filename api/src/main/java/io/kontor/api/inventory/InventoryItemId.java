package io.kontor.api.inventory;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;

/** The id of the item with one SKU, which is also the id of its stream. */
public record InventoryItemId(TenantId tenant, UUID uuid) {
  private static final UUID SKUS = UUID.fromString("6f0a4c1e-9d3b-5c57-8a52-0f3e2b7d91c4");

  /** The id of the tenant's item, derived from the SKU. */
  public static InventoryItemId of(TenantId tenant, Sku sku) {
    return new InventoryItemId(tenant, UuidCreator.getNameBasedSha1(SKUS, sku.value()));
  }

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static InventoryItemId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new InventoryItemId(stream.tenant(), stream.uuid());
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

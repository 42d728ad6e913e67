package io.kontor.cache;

import io.kontor.redis.HashRing;
import io.kontor.tenancy.TenantId;

/** Names a value. There is no key without a tenant. */
public record CacheKey(TenantId tenant, String model, String id) {

  /** A hash that is the same in all processes. */
  long hash() {
    return HashRing.hash(toString());
  }

  @Override
  public String toString() {
    return tenant + ":" + model + ":" + id;
  }
}

package io.kontor.api.account;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;

/**
 * An account's id, which is also the id of its stream: {@code <tenant>/<uuid>}. The tenant is part
 * of the id, so a caller can't address another tenant's account.
 */
public record AccountId(TenantId tenant, UUID uuid) {

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static AccountId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new AccountId(stream.tenant(), stream.uuid());
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

package io.kontor.api.account;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.UUID;

/**
 * An account and its event stream: {@code <tenant>/<uuid>}. The tenant is part of the identity, so
 * another tenant's account cannot even be named.
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

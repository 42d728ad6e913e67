package io.kontor.api.account;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
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
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("an account id is <tenant>/<uuid>");
    }
    return new AccountId(
        new TenantId(text.substring(0, slash)), UUID.fromString(text.substring(slash + 1)));
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

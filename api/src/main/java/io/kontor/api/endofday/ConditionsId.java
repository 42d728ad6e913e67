package io.kontor.api.endofday;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.uuid.UuidCreator;
import io.kontor.api.account.AccountId;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.util.Currency;
import java.util.UUID;

/**
 * The id of the conditions of an account or of a currency, which is also the id of their stream.
 */
public record ConditionsId(TenantId tenant, UUID uuid) {
  private static final UUID CONDITIONS = UUID.fromString("4d2f7c1a-58be-5b0d-9e63-71c0a9f2d385");

  /** Those of one account. */
  public static ConditionsId of(AccountId account) {
    return named(account.tenant(), account.uuid().toString());
  }

  /** Those of all accounts in a currency that have none of their own. */
  public static ConditionsId of(TenantId tenant, Currency currency) {
    return named(tenant, currency.getCurrencyCode());
  }

  /**
   * @throws IllegalArgumentException when {@code text} is not {@code <tenant>/<uuid>}
   */
  @JsonCreator
  public static ConditionsId parse(String text) {
    StreamId stream = StreamId.parse(text);
    return new ConditionsId(stream.tenant(), stream.uuid());
  }

  private static ConditionsId named(TenantId tenant, String name) {
    return new ConditionsId(tenant, UuidCreator.getNameBasedSha1(CONDITIONS, name));
  }

  @JsonValue
  @Override
  public String toString() {
    return tenant + "/" + uuid;
  }
}

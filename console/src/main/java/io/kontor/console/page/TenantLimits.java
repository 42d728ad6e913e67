package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.CallPath;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a tenant may make in a minute.
 *
 * @param changedAt when an operator set them; null while the settings of the nodes apply
 */
record TenantLimits(
    int tenantPerMinute,
    int userPerMinute,
    @Nullable Instant changedAt,
    @Nullable String changedBy) {
  static final String CALL = "/v1/tenants/{}/limits";

  static TenantLimits of(BankApi api, String tenant) {
    return api.get(TenantLimits.class, CallPath.of(CALL, tenant));
  }
}

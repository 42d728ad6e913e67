package io.kontor.limits;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The requests that are served in a minute. Reads and writes are counted apart.
 *
 * @param user reads of one user in a minute, and as many writes
 * @param address requests without a valid token in a minute, from one IPv4 address or one IPv6
 *     network (/64)
 * @param tenant reads of all users of one tenant in a minute, and as many writes
 * @param tenants the same for single tenants, by the tenant's id
 * @param shared whether all processes of the program count together, on the servers of {@code
 *     kontor.redis}; otherwise each counts for itself
 */
@ConfigurationProperties("kontor.limits")
@Validated
public record LimitsProperties(
    @DefaultValue("1000") @Min(1) @Max(1_000_000_000) int user,
    @DefaultValue("100") @Min(1) @Max(1_000_000_000) int address,
    @DefaultValue("60000") @Min(1) @Max(1_000_000_000) int tenant,
    @DefaultValue Map<String, @Min(1) @Max(1_000_000_000) Integer> tenants,
    @DefaultValue("false") boolean shared) {
  public LimitsProperties {
    tenants = Map.copyOf(tenants);
  }

  /** The limit of one tenant. */
  public int of(String tenant) {
    return tenants.getOrDefault(tenant, this.tenant);
  }
}

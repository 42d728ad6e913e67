package io.kontor.tenancy.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The registered tenants. Each row is read and written as that tenant: only {@link TenantDirectory}
 * can list them. The places of known tenants are cached until {@link #forget}.
 */
public class TenantRegistry {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Cache<TenantId, TenantPlace> known =
      Caffeine.newBuilder().maximumSize(10_000).build();

  /**
   * @param dataSource connections that see one tenant's rows
   */
  public TenantRegistry(TenantTransactions transactions, DataSource dataSource) {
    this.transactions = transactions;
    this.jdbc = JdbcClient.create(dataSource);
  }

  /** Whether the tenant is registered and not closed. */
  public boolean isRegistered(TenantId tenant) {
    return placeOf(tenant).isPresent();
  }

  /** Where the tenant is served; empty when it is not registered, or was closed. */
  public Optional<TenantPlace> placeOf(TenantId tenant) {
    // What is read is known before it can be forgotten: forget() waits for a read under way.
    TenantPlace place = known.get(tenant, this::read);
    if (place != null && place.isSuspended()) {
      known.invalidate(tenant);
    }
    return Optional.ofNullable(place);
  }

  private @Nullable TenantPlace read(TenantId tenant) {
    Registered registered = find(tenant);
    return registered == null || registered.closed() ? null : registered.place();
  }

  /** Has the tenant's place read again. */
  public void forget(TenantId tenant) {
    known.invalidate(tenant);
  }

  /** Has the places of all tenants read again. */
  public void forgetAll() {
    known.invalidateAll();
  }

  /** The tenant's name; null when it is not registered. */
  public @Nullable String nameOf(TenantId tenant) {
    Registered registered = find(tenant);
    return registered == null ? null : registered.name();
  }

  /** Registers a tenant whose data is in the rows of this database. */
  public Registration register(TenantId tenant, String name, @Nullable String requestKey) {
    return register(tenant, name, TenantIsolation.ROW, requestKey);
  }

  /**
   * Registers a tenant.
   *
   * @param requestKey the request's idempotency key; null when it is no request's
   * @return the registration under the id, new or existing
   */
  public Registration register(
      TenantId tenant, String name, TenantIsolation isolation, @Nullable String requestKey) {
    boolean created =
        TenantContext.call(
            tenant,
            () ->
                transactions.write(
                    () ->
                        jdbc.sql(
                                    """
                                    insert into tenant (tenant_id, name, isolation, request_key)
                                    values (?, ?, ?, ?) on conflict do nothing
                                    """)
                                .param(tenant.value())
                                .param(name)
                                .param(isolation.name())
                                .param(requestKey)
                                .update()
                            == 1));
    Registered registered = find(tenant);
    if (registered == null) {
      throw new IllegalStateException("tenant " + tenant + " was registered and is not there");
    }
    return new Registration(
        registered.name(), registered.isolation(), registered.requestKey(), created);
  }

  private @Nullable Registered find(TenantId tenant) {
    return TenantContext.call(
        tenant,
        () ->
            transactions.read(
                () ->
                    jdbc.sql(
                            """
                            select name, isolation, request_key, closed_at is not null as closed,
                                coalesce(suspended_until > clock_timestamp(), false) as suspended,
                                placed_at is not null as moved
                              from tenant where tenant_id = ?
                            """)
                        .param(tenant.value())
                        .query(Registered.class)
                        .optional()
                        .orElse(null)));
  }

  /**
   * A tenant's registration.
   *
   * @param requestKey the idempotency key of the request that registered it
   * @param created whether it was this call that registered the tenant
   */
  public record Registration(
      String name, TenantIsolation isolation, @Nullable String requestKey, boolean created) {}

  private record Registered(
      String name,
      TenantIsolation isolation,
      @Nullable String requestKey,
      boolean closed,
      boolean suspended,
      boolean moved) {
    TenantPlace place() {
      return new TenantPlace(isolation, suspended, moved);
    }
  }
}

package io.kontor.app.cell;

import io.kontor.database.DatabaseTimeouts;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The schemas and databases that tenants have moved out of. */
@Component
final class FormerPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(FormerPlaces.class);

  private final TenantDirectory directory;
  private final CellDatabases databases;
  private final DatabaseTimeouts timeouts;

  FormerPlaces(TenantDirectory directory, CellDatabases databases, DatabaseTimeouts timeouts) {
    this.directory = directory;
    this.databases = databases;
    this.timeouts = timeouts;
  }

  /**
   * Removes what a tenant has left, and says how many. Repeating it changes nothing.
   *
   * @throws IllegalStateException when the tenant is in one of them
   */
  int remove(TenantId tenant) {
    TenantIsolation place = directory.find(tenant).orElseThrow().isolation();
    List<RegisteredCell> kept = directory.formerCells(tenant);
    for (RegisteredCell former : kept) {
      if (former.isolation() == place) {
        throw new IllegalStateException("the tenant is served from what is said to be left");
      }
      databases.remove(tenant, former.isolation(), timeouts);
      directory.forgetFormer(former);
      LOG.info("former place removed tenant={} place={}", tenant, former.isolation());
    }
    return kept.size();
  }
}

package io.kontor.app.cell;

import io.kontor.database.DatabaseTimeouts;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.operations.tenant.TenantJobs.Move;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.tenancy.registry.TenantRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Moves a tenant into a schema or a database of its own. */
@Component
final class TenantMoveJob implements JobHandler<Move> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantMoveJob.class);

  private final TenantRegistry tenants;
  private final TenantDirectory directory;
  private final Cells cells;
  private final SharedDatabase source;
  private final SharedParts shared;
  private final DatabaseTimeouts timeouts;

  TenantMoveJob(
      TenantRegistry tenants,
      TenantDirectory directory,
      Cells cells,
      SharedDatabase source,
      SharedParts shared,
      DatabaseTimeouts timeouts) {
    this.tenants = tenants;
    this.directory = directory;
    this.cells = cells;
    this.source = source;
    this.shared = shared;
    this.timeouts = timeouts;
  }

  /**
   * What came of it.
   *
   * @param events the tenant's, all of which are in its database now
   * @param suspendedMillis how long its changes were answered 503; 0 when an earlier attempt has
   *     moved it
   */
  record Moved(long events, long suspendedMillis) {}

  @Override
  public JobType<Move> type() {
    return TenantJobs.MOVE;
  }

  @Override
  public Moved run(JobContext<Move> job) throws SQLException, InterruptedException {
    TenantId tenant = job.tenant();
    RegisteredTenant found = directory.find(tenant).orElseThrow();
    if (found.closedAt() != null) {
      throw new PermanentJobException("the tenant was closed");
    }
    TenantIsolation to = job.arguments().to();
    CellDatabase database = database(tenant, to);
    if (found.isolation() == to) {
      removeKeys(tenant);
      return new Moved(cells.open(tenant, database).head(), 0);
    }
    if (found.isolation().isCell()) {
      throw new PermanentJobException("the tenant is in another place already");
    }
    database.requireReachable(timeouts);
    database.prepare(tenant, timeouts);
    long begun;
    try (var move = new TenantMove(job, database, source, shared, timeouts)) {
      begun = move.run(found.name());
    }
    tenants.forget(tenant);
    Cell cell = cells.open(tenant, database);
    var moved = new Moved(cell.head(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    removeKeys(tenant);
    LOG.info(
        "tenant moved tenant={} events={} suspendedMs={}",
        tenant,
        moved.events(),
        moved.suspendedMillis());
    return moved;
  }

  private void removeKeys(TenantId tenant) throws SQLException {
    try (Connection keys = source.app().getConnection()) {
      keys.setAutoCommit(false);
      new TenantRows(tenant).removeKeys(keys);
      keys.commit();
    }
  }

  private CellDatabase database(TenantId tenant, TenantIsolation to) {
    try {
      return cells.require(tenant, to);
    } catch (IllegalStateException notDescribed) {
      throw new PermanentJobException(String.valueOf(notDescribed.getMessage()));
    }
  }
}

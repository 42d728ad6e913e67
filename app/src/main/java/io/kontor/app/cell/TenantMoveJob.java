package io.kontor.app.cell;

import io.kontor.database.DatabaseTimeouts;
import io.kontor.eventstore.read.EventReader;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.operations.tenant.TenantJobs.Move;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.tenancy.registry.TenantRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Moves a tenant between the shared tables, a schema and a database of its own. */
@Component
final class TenantMoveJob implements JobHandler<Move> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantMoveJob.class);

  private final TenantRegistry tenants;
  private final TenantDirectory directory;
  private final Cells cells;
  private final SharedDatabase register;
  private final SharedParts shared;
  private final DatabaseTimeouts timeouts;

  TenantMoveJob(
      TenantRegistry tenants,
      TenantDirectory directory,
      Cells cells,
      SharedDatabase register,
      SharedParts shared,
      DatabaseTimeouts timeouts) {
    this.tenants = tenants;
    this.directory = directory;
    this.cells = cells;
    this.register = register;
    this.shared = shared;
    this.timeouts = timeouts;
  }

  /**
   * What came of it.
   *
   * @param events the tenant's, all of which are in its new place now
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
    if (found.isolation() == to) {
      endFormerPlaces(tenant, to);
      return new Moved(head(tenant, to), 0);
    }
    if (isKept(tenant, to)) {
      throw new PermanentJobException(
          "the tenant has left that place, which is still kept; confirm that move first");
    }
    long begun;
    try (Placement source = placement(tenant, found.isolation());
        Placement target = prepared(tenant, to)) {
      ReadModelPositions readModels =
          found.isolation().isCell()
              ? open(tenant, found.isolation()).part(ReadModelPositions.class)
              : register.readModels();
      begun = new TenantMove(job, source, target, readModels, register, shared).run(found.name());
    }
    tenants.forget(tenant);
    long served = to.isCell() ? open(tenant, to).openedAt() : System.nanoTime();
    cells.closeUnlessRegistered(tenant);
    var moved = new Moved(head(tenant, to), TimeUnit.NANOSECONDS.toMillis(served - begun));
    endFormerPlaces(tenant, to);
    LOG.info(
        "tenant moved tenant={} to={} events={} suspendedMs={}",
        tenant,
        to,
        moved.events(),
        moved.suspendedMillis());
    return moved;
  }

  /** It may have been left since the move was asked for, which is repeated much later. */
  private boolean isKept(TenantId tenant, TenantIsolation place) {
    return directory.formerCells(tenant).stream().anyMatch(cell -> cell.isolation() == place);
  }

  /** The number of the tenant's events, wherever it is now. */
  private long head(TenantId tenant, TenantIsolation to) {
    return to.isCell()
        ? open(tenant, to).head()
        : new EventReader(register.worker()).count(tenant, 0, Long.MAX_VALUE);
  }

  private Cell open(TenantId tenant, TenantIsolation isolation) {
    return cells.open(tenant, database(tenant, isolation));
  }

  private Placement placement(TenantId tenant, TenantIsolation isolation) {
    return isolation.isCell()
        ? Placement.of(database(tenant, isolation), timeouts)
        : Placement.shared(register);
  }

  private Placement prepared(TenantId tenant, TenantIsolation isolation) {
    if (isolation.isCell()) {
      CellDatabase database = database(tenant, isolation);
      database.requireReachable(timeouts);
      database.prepare(tenant, timeouts);
    }
    return placement(tenant, isolation);
  }

  /**
   * What the tenant has left takes no event and acts no more, and has no keys to personal data: a
   * key is kept in one place, so that forgetting a person reaches all copies of what it seals.
   */
  private void endFormerPlaces(TenantId tenant, TenantIsolation to) throws SQLException {
    var rows = new TenantRows(tenant, () -> {});
    if (to.isCell()) {
      removeKeys(rows, register.app());
    }
    for (RegisteredCell former : directory.formerCells(tenant)) {
      try (Placement left = placement(tenant, former.isolation())) {
        try (Connection cell = left.worker().getConnection()) {
          cell.setAutoCommit(false);
          TenantSuspension.endCell(tenant, cell);
          rows.takeAway(cell);
          cell.commit();
        }
        removeKeys(rows, left.app());
      }
    }
  }

  private static void removeKeys(TenantRows rows, DataSource app) throws SQLException {
    try (Connection keys = app.getConnection()) {
      keys.setAutoCommit(false);
      rows.removeKeys(keys);
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

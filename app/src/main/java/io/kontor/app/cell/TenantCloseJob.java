package io.kontor.app.cell;

import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseTimeouts;
import io.kontor.eventstore.read.EventReader;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.operations.tenant.TenantJobs.Close;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes the data of a tenant that was closed. */
@Component
final class TenantCloseJob implements JobHandler<Close> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantCloseJob.class);

  /** Every node has closed the cell by then. */
  private static final Duration UNTIL_CLOSED = Duration.ofSeconds(3);

  private static final Duration UNTIL_PASSED = Duration.ofMinutes(2);

  private final TenantDirectory directory;
  private final Cells cells;
  private final CellDatabases databases;
  private final FormerPlaces formerPlaces;
  private final DatabaseTimeouts timeouts;
  private final SharedDatabase register;
  private final DatabaseConnectionDetails shared;

  TenantCloseJob(
      TenantDirectory directory,
      Cells cells,
      CellDatabases databases,
      FormerPlaces formerPlaces,
      DatabaseTimeouts timeouts,
      SharedDatabase register,
      DatabaseConnectionDetails shared) {
    this.register = register;
    this.shared = shared;
    this.directory = directory;
    this.cells = cells;
    this.databases = databases;
    this.formerPlaces = formerPlaces;
    this.timeouts = timeouts;
  }

  @Override
  public JobType<Close> type() {
    return TenantJobs.CLOSE;
  }

  @Override
  public @Nullable Object run(JobContext<Close> job) throws InterruptedException, SQLException {
    TenantId tenant = job.tenant();
    RegisteredTenant found = directory.find(tenant).orElseThrow();
    if (found.closedAt() == null) {
      throw new PermanentJobException("the tenant is not closed");
    }
    directory.unregister(tenant);
    cells.close(tenant);
    job.progress(0, 1, "waits until every node refuses its requests");
    Thread.sleep(UNTIL_CLOSED);
    if (found.isolation().isCell()) {
      databases.remove(tenant, found.isolation(), timeouts);
    } else {
      awaitFollowers(job);
    }
    eraseRows(job); // a cell's tenant may have been in the shared tables before
    formerPlaces.remove(tenant);
    databases.removeAll(tenant, timeouts);
    job.progress(1, 1, "its data is removed");
    LOG.info("tenant closed tenant={}", tenant);
    return null;
  }

  /** What follows the tenant's events comes past them, and writes no more of its rows. */
  private void awaitFollowers(JobContext<Close> job) throws InterruptedException {
    long head = new EventReader(register.worker()).head();
    new EventFollowers(register.readModels(), register.worker())
        .awaitAll(head, UNTIL_PASSED, waiting -> job.progress(0, 1, waiting));
  }

  private void eraseRows(JobContext<Close> job) throws SQLException {
    DataSource owner =
        shared.connector(shared.owner(), timeouts).unpooled("close", timeouts.tool());
    new TenantErasure(
            job.tenant(),
            owner,
            (done, total) -> job.progress(done, total, "rows removed and events erased"))
        .run();
  }
}

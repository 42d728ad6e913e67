package io.kontor.app.cell;

import io.kontor.database.DatabaseTimeouts;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobType;
import io.kontor.job.queue.PermanentJobException;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.operations.tenant.TenantJobs.Close;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes the schema or the database of a tenant that was closed. */
@Component
final class TenantCloseJob implements JobHandler<Close> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantCloseJob.class);

  /** Every node has closed the cell by then. */
  private static final Duration UNTIL_CLOSED = Duration.ofSeconds(3);

  private final TenantDirectory directory;
  private final Cells cells;
  private final CellDatabases databases;
  private final DatabaseTimeouts timeouts;

  TenantCloseJob(
      TenantDirectory directory, Cells cells, CellDatabases databases, DatabaseTimeouts timeouts) {
    this.directory = directory;
    this.cells = cells;
    this.databases = databases;
    this.timeouts = timeouts;
  }

  @Override
  public JobType<Close> type() {
    return TenantJobs.CLOSE;
  }

  @Override
  public @Nullable Object run(JobContext<Close> job) throws InterruptedException {
    TenantId tenant = job.tenant();
    RegisteredTenant found = directory.find(tenant).orElseThrow();
    if (found.closedAt() == null) {
      throw new PermanentJobException("the tenant is not closed");
    }
    directory.unregister(tenant);
    cells.close(tenant);
    job.progress(0, 1, "waits until every node has closed the database");
    Thread.sleep(UNTIL_CLOSED);
    databases.remove(tenant, found.isolation(), timeouts);
    job.progress(1, 1, "the database is removed");
    LOG.info("tenant closed tenant={}", tenant);
    return null;
  }
}

package io.kontor.app.cell;

import io.kontor.database.DatabaseTimeouts;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobType;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.operations.tenant.TenantJobs.Confirmation;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.TenantDirectory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Removes the schema and the database that a tenant has moved out of. */
@Component
final class TenantConfirmJob implements JobHandler<Confirmation> {
  private static final Logger LOG = LoggerFactory.getLogger(TenantConfirmJob.class);

  private final TenantDirectory directory;
  private final CellDatabases databases;
  private final DatabaseTimeouts timeouts;

  TenantConfirmJob(TenantDirectory directory, CellDatabases databases, DatabaseTimeouts timeouts) {
    this.directory = directory;
    this.databases = databases;
    this.timeouts = timeouts;
  }

  @Override
  public JobType<Confirmation> type() {
    return TenantJobs.CONFIRM;
  }

  @Override
  public @Nullable Object run(JobContext<Confirmation> job) {
    List<RegisteredCell> kept = directory.formerCells(job.tenant());
    for (RegisteredCell former : kept) {
      databases.remove(job.tenant(), former.isolation(), timeouts);
      directory.forgetFormer(former);
      LOG.info("former place removed tenant={} place={}", job.tenant(), former.isolation());
    }
    job.progress(kept.size(), kept.size(), "what the tenant has left is removed");
    return null;
  }
}

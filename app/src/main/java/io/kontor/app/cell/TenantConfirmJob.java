package io.kontor.app.cell;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobType;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.operations.tenant.TenantJobs.Confirmation;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Removes the schema and the database that a tenant has moved out of. */
@Component
final class TenantConfirmJob implements JobHandler<Confirmation> {
  private final FormerPlaces formerPlaces;

  TenantConfirmJob(FormerPlaces formerPlaces) {
    this.formerPlaces = formerPlaces;
  }

  @Override
  public JobType<Confirmation> type() {
    return TenantJobs.CONFIRM;
  }

  @Override
  public @Nullable Object run(JobContext<Confirmation> job) {
    int removed = formerPlaces.remove(job.tenant());
    job.progress(removed, removed, "what the tenant has left is removed");
    return null;
  }
}

package io.kontor.query.statement;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobType;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a tenant's statements that are too old. Waits for the oldest one, as long as it has any.
 */
final class StatementExpiryJob implements JobHandler<StatementExpiryJob.Arguments> {
  static final JobType<Arguments> TYPE =
      JobType.of("statement-expiry", Arguments.class, JobPriority.LOW);

  private final StatementStore store;
  private final StatementRequests requests;
  private final TenantTransactions transactions;
  private final Duration kept;
  private final InstantSource clock;

  StatementExpiryJob(
      StatementStore store,
      StatementRequests requests,
      TenantTransactions transactions,
      Duration kept,
      InstantSource clock) {
    this.store = store;
    this.requests = requests;
    this.transactions = transactions;
    this.kept = kept;
    this.clock = clock;
  }

  record Arguments() {}

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable Object run(JobContext<Arguments> job) {
    store
        .deleteBefore(clock.instant().minus(kept))
        .ifPresent(
            oldest ->
                transactions.write(
                    () -> {
                      requests.expire(oldest, job.by());
                      return true;
                    }));
    return null;
  }
}

package io.kontor.notifications;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobType;
import io.kontor.notifications.rule.Draft;
import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.store.NotificationWriter;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notifies the bank's staff of a read model that could not take an event. */
final class ProjectionFailureJob implements JobHandler<ProjectionFailureJob.Arguments> {
  static final JobType<Arguments> TYPE =
      JobType.of("projection-failure", Arguments.class, JobPriority.HIGH);

  private final TenantTransactions transactions;
  private final NotificationWriter writer;

  ProjectionFailureJob(TenantTransactions transactions, NotificationWriter writer) {
    this.transactions = transactions;
    this.writer = writer;
  }

  /**
   * What failed.
   *
   * @param event its id
   * @param at when, in ISO 8601
   */
  record Arguments(String projection, String event, String at) {}

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable Object run(JobContext<Arguments> job) {
    Arguments failure = job.arguments();
    transactions.write(
        () -> {
          writer.write(
              failure.projection() + ' ' + failure.event(),
              Instant.parse(failure.at()),
              null,
              new Draft(
                  NotificationKind.PROJECTION_FAILED,
                  NotificationData.failed(failure.projection())));
          return true;
        });
    return null;
  }
}

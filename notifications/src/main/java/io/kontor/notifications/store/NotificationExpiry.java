package io.kontor.notifications.store;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.notifications.webhook.WebhookOutbox;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes a tenant's notifications that are too old, by a job that waits for the oldest one as long
 * as the tenant has any.
 */
public final class NotificationExpiry implements JobHandler<NotificationExpiry.Arguments> {
  static final JobType<Arguments> TYPE =
      JobType.of("notification-expiry", Arguments.class, JobPriority.LOW);

  private static final int DELETED_AT_ONCE = 500;
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final String BY = "notifications";

  private final Map<TenantId, Instant> ensured = new ConcurrentHashMap<>();
  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final JobQueue jobs;
  private final WebhookOutbox webhooks;
  private final Duration kept;
  private final InstantSource clock;

  /**
   * @param worker connections of event processors and jobs
   * @param kept how long a notification can be read
   */
  public NotificationExpiry(
      DataSource worker,
      JobQueue jobs,
      WebhookOutbox webhooks,
      Duration kept,
      InstantSource clock) {
    this.transactions = new TenantTransactions(worker);
    this.sql = JdbcClient.create(worker);
    this.jobs = jobs;
    this.webhooks = webhooks;
    this.kept = kept;
    this.clock = clock;
  }

  record Arguments() {}

  /** Has the tenant's notifications deleted one day; looks once an hour whether that is so. */
  void ensure(TenantId tenant) {
    Instant now = clock.instant();
    Instant last = ensured.get(tenant);
    if (last == null || last.plus(SELDOM).isBefore(now)) {
      enqueue(tenant, now.plus(kept));
      ensured.put(tenant, now);
    }
  }

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable Object run(JobContext<Arguments> job) {
    Instant now = clock.instant();
    oldestAfterDeleting(now.minus(kept))
        .ifPresent(
            oldest ->
                transactions.write(
                    () -> enqueue(job.tenant(), later(oldest.plus(kept), now.plus(SELDOM)))));
    return null;
  }

  private UUID enqueue(TenantId tenant, Instant at) {
    return jobs.enqueue(
        tenant, JobRequest.of(TYPE, new Arguments(), BY).runAt(at).uniqueKey("next"));
  }

  /**
   * Deletes notifications of the current tenant's events from before a time, and what was to be
   * sent of them.
   *
   * @return the time of the oldest of the others
   */
  Optional<Instant> oldestAfterDeleting(Instant time) {
    UUID first = NotificationIds.first(time);
    deleteAll(() -> deleteSomeBefore(first));
    deleteAll(() -> webhooks.deleteBefore(first, DELETED_AT_ONCE));
    return transactions.read(
        () ->
            sql.sql(
                    """
                    select id from (
                      (select id from notification order by id limit 1)
                      union all
                      (select delivery_id from webhook_delivery
                        order by delivery_id limit 1)) as oldest
                     order by id limit 1
                    """)
                .query(UUID.class)
                .optional()
                .map(NotificationIds::time));
  }

  private void deleteAll(Supplier<Integer> deleteSome) {
    int deleted;
    do {
      deleted = transactions.write(deleteSome);
    } while (deleted == DELETED_AT_ONCE);
  }

  private int deleteSomeBefore(UUID first) {
    return sql.sql(
            """
            delete from notification where tenant_id = ? and id in (
              select id from notification where id < ? limit ?)
            """)
        .params(TenantContext.current().value(), first, DELETED_AT_ONCE)
        .update();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}

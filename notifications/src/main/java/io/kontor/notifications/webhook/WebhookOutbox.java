package io.kontor.notifications.webhook;

import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.notifications.webhook.WebhookClient.Outcome;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is to be sent to webhooks of the current tenant, in the caller's transactions. */
public final class WebhookOutbox {
  private static final String BY = "webhooks";

  private static final String INSERT =
      """
      insert into webhook_delivery (tenant_id, webhook_id, delivery_id, kind, at, data)
      select hook.tenant_id, hook.webhook_id, new.id::uuid, new.kind, new.at::timestamptz,
             new.data::jsonb
        from webhook hook
        join unnest(:ids, :kinds, :times, :data)
               with ordinality as new (id, kind, at, data, place) on new.kind = any (hook.kinds)
       where hook.enabled
       order by new.place
      on conflict do nothing
      returning webhook_id
      """;

  private final JdbcClient sql;
  private final JobQueue jobs;
  private final TenantTransactions transactions;
  private final PersonalDataService personalData;

  public WebhookOutbox(DataSource dataSource, JobQueue jobs, PersonalDataService personalData) {
    this.sql = JdbcClient.create(dataSource);
    this.jobs = jobs;
    this.transactions = new TenantTransactions(dataSource);
    this.personalData = personalData;
  }

  /** A message to be sent. */
  record Message(UUID id, String body) {}

  /** Where to send, and how to sign. */
  record Target(
      String url, String secret, @Nullable String formerSecret, @Nullable Instant formerUntil) {
    /** The secrets that sign at a time. */
    List<String> secretsAt(Instant now) {
      boolean isFormerValid = formerUntil != null && now.isBefore(formerUntil);
      return Stream.of(secret, isFormerValid ? formerSecret : null)
          .flatMap(Stream::ofNullable)
          .toList();
    }
  }

  /**
   * Adds notifications for the webhooks that want them; those that are there already stay as they
   * are. All arrays are of the same length.
   */
  public void add(TenantId tenant, String[] ids, String[] kinds, String[] times, String[] data) {
    Set<UUID> webhooks =
        new LinkedHashSet<>(
            sql.sql(INSERT)
                .param("ids", ids)
                .param("kinds", kinds)
                .param("times", times)
                .param("data", data)
                .query(UUID.class)
                .list());
    webhooks.forEach(webhook -> enqueue(tenant, webhook, null));
  }

  /** Has what is pending sent now, also if a job waits for its next attempt. */
  void sendNow(TenantId tenant, UUID webhook) {
    jobs.dueNow(tenant, WebhookJob.TYPE, webhook.toString());
    enqueue(tenant, webhook, null);
  }

  /**
   * Has what is pending sent, or tried again when the job that waits is due.
   *
   * @param at null for as soon as possible
   */
  UUID enqueue(TenantId tenant, UUID webhook, @Nullable Instant at) {
    var request =
        JobRequest.of(WebhookJob.TYPE, new WebhookJob.Arguments(webhook), BY)
            .uniqueKey(webhook.toString());
    return jobs.enqueue(tenant, at == null ? request : request.runAt(at));
  }

  /** The webhook, with its secrets in the clear; empty if it is not called any more. */
  Optional<Target> target(UUID webhook) {
    return transactions
        .read(
            () ->
                sql.sql(
                        """
                        select url, secret, former_secret, former_until from webhook
                         where webhook_id = ? and enabled
                        """)
                    .param(webhook)
                    .query(WebhookOutbox::target)
                    .optional())
        .map(
            stored ->
                new Target(
                    stored.url(),
                    personalData.reveal(new SealedText(stored.secret())),
                    stored.formerSecret() == null
                        ? null
                        : personalData.reveal(new SealedText(stored.formerSecret())),
                    stored.formerUntil()))
        .filter(opened -> !opened.secret().equals(PersonalDataService.FORGOTTEN));
  }

  private static Target target(ResultSet row, int number) throws SQLException {
    Timestamp formerUntil = row.getTimestamp("former_until");
    return new Target(
        row.getString("url"),
        row.getString("secret"),
        row.getString("former_secret"),
        formerUntil == null ? null : formerUntil.toInstant());
  }

  /** What is pending, in order. */
  List<Message> pending(UUID webhook, int limit) {
    return sql.sql(
            """
            select delivery_id,
                   json_build_object('type', kind, 'timestamp',
                     to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                     'data', data)::text as body
              from webhook_delivery
             where webhook_id = ? and state = 'PENDING' order by number limit ?
            """)
        .params(webhook, limit)
        .query(
            (row, number) ->
                new Message(row.getObject("delivery_id", UUID.class), row.getString("body")))
        .list();
  }

  /** Records an attempt. */
  int record(UUID webhook, UUID delivery, Outcome outcome) {
    return sql.sql(
            """
            update webhook_delivery
               set attempts = attempts + 1, attempted_at = now(), status = cast(:status as int),
                   answer = :answer,
                   state = case when :delivered then 'DELIVERED' else state end
             where webhook_id = :webhook and delivery_id = :delivery
            """)
        .param("status", outcome.status())
        .param("answer", outcome.answer())
        .param("delivered", outcome.isSuccess())
        .param("webhook", webhook)
        .param("delivery", delivery)
        .update();
  }

  /**
   * Calls the webhook no more; what is pending stays.
   *
   * @param url that failed
   * @return who created it; empty if it was off, is gone or has another URL
   */
  Optional<String> switchOff(UUID webhook, String url, String problem) {
    return sql.sql(
            """
            update webhook set enabled = false, problem = ?
             where webhook_id = ? and url = ? and enabled returning created_by
            """)
        .params(problem, webhook, url)
        .query(String.class)
        .optional();
  }

  /** Deletes what was to be sent before a time, in the id's order. */
  public int deleteBefore(UUID firstId, int limit) {
    return sql.sql(
            """
            delete from webhook_delivery where (webhook_id, delivery_id) in (
              select webhook_id, delivery_id from webhook_delivery
               where delivery_id < ? limit ?)
            """)
        .params(firstId, limit)
        .update();
  }
}

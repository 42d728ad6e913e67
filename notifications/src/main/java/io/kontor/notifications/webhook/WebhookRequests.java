package io.kontor.notifications.webhook;

import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What requests do with webhooks of the current tenant. Secrets are stored sealed. */
public final class WebhookRequests {
  private static final String TEST = "TEST";

  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final WebhookOutbox outbox;
  private final PersonalDataService personalData;
  private final WebhookProperties properties;
  private final InstantSource clock;
  private final JsonMapper json;

  /**
   * @param app connections that see one tenant's rows
   */
  public WebhookRequests(
      TenantTransactions transactions,
      DataSource app,
      WebhookOutbox outbox,
      PersonalDataService personalData,
      WebhookProperties properties,
      InstantSource clock,
      JsonMapper json) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(app);
    this.outbox = outbox;
    this.personalData = personalData;
    this.properties = properties;
    this.clock = clock;
    this.json = json;
  }

  /**
   * What a webhook is to be.
   *
   * @param kinds of notifications that it is sent
   * @param enabled whether it is called; what happens while it is not is never sent
   */
  public record Wanted(
      String url, List<NotificationKind> kinds, String description, boolean enabled) {}

  /** A webhook that was created, with its secret in the clear. */
  public record Created(UUID id, String secret) {}

  /**
   * Checks a URL's form; where it leads is checked at each call.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public void requireUrl(String url) {
    WebhookAddress.parse(url, properties.development());
  }

  /**
   * Creates a webhook.
   *
   * @param key the request's idempotency key; null without one
   * @return the webhook; that of the first request with the key
   */
  public Created create(Wanted wanted, @Nullable String key, String by) {
    Optional<Created> known = known(key);
    if (known.isPresent()) {
      return known.get();
    }
    UUID id = IdGenerator.next();
    String secret = WebhookSignature.newSecret();
    SealedText sealed = personalData.seal(owner(id), secret);
    try {
      transactions.write(
          () ->
              sql.sql(
                      """
                      insert into webhook (tenant_id, webhook_id, url, kinds, description,
                        enabled, secret, request_key, created_by)
                      values (current_tenant(), :id, :url, :kinds, :description, :enabled,
                        :secret, :key, :by)
                      """)
                  .param("id", id)
                  .param("url", wanted.url())
                  .param("kinds", names(wanted.kinds()))
                  .param("description", wanted.description())
                  .param("enabled", wanted.enabled())
                  .param("secret", sealed.stored())
                  .param("key", key)
                  .param("by", by)
                  .update());
    } catch (DuplicateKeyException concurrent) {
      return known(key).orElseThrow(() -> concurrent);
    }
    return new Created(id, secret);
  }

  private Optional<Created> known(@Nullable String key) {
    return key == null
        ? Optional.empty()
        : transactions
            .read(
                () ->
                    sql.sql("select webhook_id from webhook where request_key = ?")
                        .param(key)
                        .query(UUID.class)
                        .optional())
            .map(id -> new Created(id, secret(id).orElseThrow()));
  }

  /** The webhook's secret in the clear. */
  public Optional<String> secret(UUID id) {
    return transactions
        .read(
            () ->
                sql.sql("select secret from webhook where webhook_id = ?")
                    .param(id)
                    .query(String.class)
                    .optional())
        .map(stored -> personalData.reveal(new SealedText(stored)));
  }

  /** Gives the webhook a new secret; the former one signs, too, for a while. */
  public void rotateSecret(UUID id) {
    SealedText next = personalData.seal(owner(id), WebhookSignature.newSecret());
    transactions.write(
        () ->
            sql.sql(
                    """
                    update webhook
                       set former_secret = secret, former_until = :until, secret = :next
                     where webhook_id = :id
                    """)
                .param("until", Timestamp.from(clock.instant().plus(properties.overlap())))
                .param("next", next.stored())
                .param("id", id)
                .update());
  }

  /** Changes a webhook; false if there is none. */
  public boolean change(UUID id, Wanted wanted) {
    return changeAndSend(
        id,
        () ->
            sql.sql(
                    """
                          update webhook
                             set url = :url, kinds = :kinds, description = :description,
                                 enabled = :enabled, problem = null
                           where webhook_id = :id
                          """)
                .param("url", wanted.url())
                .param("kinds", names(wanted.kinds()))
                .param("description", wanted.description())
                .param("enabled", wanted.enabled())
                .param("id", id)
                .update());
  }

  /** Deletes a webhook with what was to be sent to it; false if there is none. */
  public boolean delete(UUID id) {
    return transactions.write(
        () -> sql.sql("delete from webhook where webhook_id = ?").param(id).update() == 1);
  }

  /** Sends a message without a meaning; false if there is no such webhook. */
  public boolean test(UUID id) {
    return changeAndSend(
        id,
        () ->
            sql.sql(
                    """
                          insert into webhook_delivery
                            (tenant_id, webhook_id, delivery_id, kind, at, data)
                          select tenant_id, webhook_id, :delivery, :kind, now(), '{}'
                            from webhook where webhook_id = :id
                          """)
                .param("delivery", IdGenerator.next())
                .param("kind", TEST)
                .param("id", id)
                .update());
  }

  /** Sends a message again; false if there is no such message. */
  public boolean redeliver(UUID webhook, UUID delivery) {
    return changeAndSend(
        webhook,
        () ->
            sql.sql(
                    """
                          update webhook_delivery set state = 'PENDING'
                           where webhook_id = ? and delivery_id = ?
                          """)
                .params(webhook, delivery)
                .update());
  }

  /** Changes a row of a webhook and has what is pending sent; false if there is no such row. */
  private boolean changeAndSend(UUID webhook, Supplier<Integer> update) {
    return transactions.write(
        () -> {
          boolean isKnown = update.get() == 1;
          if (isKnown) {
            outbox.sendNow(TenantContext.current(), webhook);
          }
          return isKnown;
        });
  }

  public Optional<WebhookDetails> find(UUID id) {
    return transactions.read(
        () ->
            sql.sql("select * from webhook where webhook_id = ?")
                .param(id)
                .query(WebhookRequests::webhook)
                .optional());
  }

  /**
   * The webhooks, oldest first.
   *
   * @param after the last of the previous page
   */
  public List<WebhookDetails> list(@Nullable UUID after, int limit) {
    return transactions.read(
        () ->
            sql.sql(
                    """
                    select * from webhook
                     where cast(:after as uuid) is null or webhook_id > cast(:after as uuid)
                     order by webhook_id limit :limit
                    """)
                .param("after", after)
                .param("limit", limit)
                .query(WebhookRequests::webhook)
                .list());
  }

  /** A delivery with its place. */
  public record NumberedDelivery(long number, WebhookDelivery delivery) {}

  /**
   * What was or is to be sent to a webhook, newest first.
   *
   * @param before the number of the previous page's last one
   */
  public List<NumberedDelivery> deliveries(UUID webhook, @Nullable Long before, int limit) {
    return transactions.read(
        () ->
            sql.sql(
                    """
                    select * from webhook_delivery
                     where webhook_id = :webhook and number < :before
                     order by number desc limit :limit
                    """)
                .param("webhook", webhook)
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(this::delivery)
                .list());
  }

  private NumberedDelivery delivery(ResultSet row, int number) throws SQLException {
    Timestamp attemptedAt = row.getTimestamp("attempted_at");
    String kind = row.getString("kind");
    return new NumberedDelivery(
        row.getLong("number"),
        new WebhookDelivery(
            row.getObject("delivery_id", UUID.class),
            kind,
            row.getTimestamp("at").toInstant(),
            kind.equals(TEST)
                ? null
                : json.readValue(row.getString("data"), NotificationData.class),
            WebhookDelivery.State.valueOf(row.getString("state")),
            row.getInt("attempts"),
            attemptedAt == null ? null : attemptedAt.toInstant(),
            row.getObject("status", Integer.class),
            row.getString("answer")));
  }

  private static WebhookDetails webhook(ResultSet row, int number) throws SQLException {
    String[] kinds = (String[]) row.getArray("kinds").getArray();
    return new WebhookDetails(
        row.getObject("webhook_id", UUID.class),
        row.getString("url"),
        Arrays.stream(kinds).map(NotificationKind::valueOf).toList(),
        row.getString("description"),
        row.getBoolean("enabled"),
        row.getString("problem"),
        row.getTimestamp("created_at").toInstant());
  }

  private static String[] names(List<NotificationKind> kinds) {
    return kinds.stream().distinct().map(NotificationKind::name).toArray(String[]::new);
  }

  /** Under which the secrets are sealed. */
  private static String owner(UUID webhook) {
    return "webhook/" + webhook;
  }
}

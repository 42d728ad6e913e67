package io.kontor.notifications;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountEvent.AccountOpened;
import io.kontor.api.account.AccountEvent.MoneyDeposited;
import io.kontor.api.account.AccountEvent.MoneyWithdrawn;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.job.queue.JobQueue;
import io.kontor.notifications.rule.Draft;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.NotificationExpiry;
import io.kontor.notifications.store.NotificationWriter;
import io.kontor.notifications.store.NumberedNotification;
import io.kontor.notifications.store.Origins;
import io.kontor.notifications.store.PostgresSignals;
import io.kontor.notifications.store.Preferences;
import io.kontor.notifications.store.StaffVisits;
import io.kontor.notifications.store.UserSignals;
import io.kontor.notifications.webhook.WebhookOutbox;
import io.kontor.personaldata.MasterKeys;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import io.kontor.web.security.Caller;
import io.kontor.web.security.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Events of a tenant, what they notify of, and who reads it. */
public final class NotificationFixture implements AutoCloseable {
  public static final TenantId ACME = new TenantId("acme");
  public static final Duration KEPT = Duration.ofDays(90);
  public static final Duration STAFF_NOTIFIED = Duration.ofDays(30);

  private final TestDatabase database = TestDatabase.create();
  private final Map<StreamId, DomainEventMessage<?>> firstEvents = new HashMap<>();
  public final DataSource worker = database.worker();
  public final DataSource app = database.app();
  public final DataSource owner = database.owner();
  public final Inbox inbox = new Inbox(new TenantTransactions(app), app, JsonMapper.shared());
  public volatile Instant now = Instant.parse("2026-11-29T09:00:00Z");
  public final PersonalDataService personalData =
      PersonalDataService.of(
          new TenantTransactions(app), app, MasterKeys.of(MasterKeys.generate(), List.of()));
  private final JobQueue jobs = new JobQueue(worker, JsonMapper.shared(), () -> {});
  public final WebhookOutbox webhooks = new WebhookOutbox(worker, jobs, personalData);
  public final NotificationExpiry expiry =
      new NotificationExpiry(worker, jobs, webhooks, KEPT, () -> now);
  private final NotificationWriter writer = writer(new PostgresSignals(worker));

  @Override
  public void close() {
    database.close();
  }

  /** A new account. */
  public AccountId opened(String customer) {
    var account = new AccountId(ACME, UUID.randomUUID());
    first(
        new StreamId(ACME, account.uuid()),
        new AccountOpened(
            account,
            customer,
            SealedText.inTheClear(customer, "x"),
            Money.currencyOf("EUR"),
            euro("0.00")));
    return account;
  }

  public void first(StreamId stream, Object event) {
    firstEvents.put(stream, message(event));
  }

  public static AccountEvent deposited(AccountId account, String amount, String balance) {
    return new MoneyDeposited(account, UUID.randomUUID(), euro(amount), euro(balance), "in");
  }

  public static AccountEvent withdrawn(AccountId account, String amount, String balance) {
    return new MoneyWithdrawn(account, UUID.randomUUID(), euro(amount), euro(balance), "out");
  }

  /** Writes what the events notify of, as one batch. */
  public void write(Object... events) {
    write(messages(events));
  }

  public void write(List<EventMessage<?>> batch) {
    write(writer, batch);
  }

  /** Writes with another way of signals. */
  public void write(UserSignals signals, Object... events) {
    write(writer(signals), messages(events));
  }

  private NotificationWriter writer(UserSignals signals) {
    return new NotificationWriter(
        worker,
        new Origins(streams -> firstEvents),
        expiry,
        webhooks,
        signals,
        List.of(NotificationKind.values()),
        KEPT,
        STAFF_NOTIFIED,
        () -> now,
        JsonMapper.shared());
  }

  /** A user says what to be notified of, and how. */
  public void prefer(String user, List<NotificationKind> muted, List<NotificationKind> listOnly) {
    TenantContext.run(ACME, () -> inbox.prefer(user, new Preferences(muted, listOnly)));
  }

  /** Writes what no event notifies of. */
  public void write(String source, @Nullable String subject, Draft draft) {
    new TransactionTemplate(new JdbcTransactionManager(worker))
        .executeWithoutResult(
            status -> TenantContext.run(ACME, () -> writer.write(source, now, subject, draft)));
  }

  /** A person looks at notifications on a node that has not seen that person. */
  public void visit(String subject, Role... roles) {
    var visits = new StaffVisits(new TenantTransactions(app), app, STAFF_NOTIFIED, () -> now);
    TenantContext.run(ACME, () -> visits.note(new Caller(subject, Set.of(roles))));
  }

  private void write(NotificationWriter writer, List<EventMessage<?>> batch) {
    new TransactionTemplate(new JdbcTransactionManager(worker))
        .executeWithoutResult(status -> writer.write(batch));
  }

  public List<EventMessage<?>> messages(Object... events) {
    return new ArrayList<>(Arrays.stream(events).map(this::message).toList());
  }

  private DomainEventMessage<?> message(Object event) {
    return new GenericDomainEventMessage<>(
        "Stream",
        ACME + "/" + UUID.randomUUID(),
        0,
        event,
        MetaData.with(TenantMessageInterceptor.KEY, ACME.value()),
        UUID.randomUUID().toString(),
        now);
  }

  /** A user's notifications, oldest first. */
  public List<Notification> news(String user) {
    return as(() -> inbox.list(user, null, null, 100)).reversed().stream()
        .map(NumberedNotification::notification)
        .toList();
  }

  public List<NotificationKind> kinds(String user) {
    return news(user).stream().map(Notification::kind).toList();
  }

  public static <T> T as(Supplier<T> work) {
    return TenantContext.call(ACME, work::get);
  }

  public static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }
}

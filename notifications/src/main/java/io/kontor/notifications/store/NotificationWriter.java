package io.kontor.notifications.store;

import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.notifications.rule.BalanceAlert;
import io.kontor.notifications.rule.Draft;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.rule.NotificationRules;
import io.kontor.notifications.rule.Origin;
import io.kontor.notifications.webhook.WebhookOutbox;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import io.kontor.web.security.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes what events notify of, in the caller's transaction: tenant by tenant, and each tenant's in
 * the order of the events. An event that was processed before changes nothing.
 */
public final class NotificationWriter {
  /** Notifications are numbered in the order of their commits, whichever thread writes them. */
  private static final String ENTER_TENANT =
      """
      select set_config('kontor.tenant', :tenant, true)
       from pg_advisory_xact_lock(hashtextextended('notifications of ' || :tenant, 0))
      """;

  private static final String INSERT =
      """
      insert into notification (tenant_id, id, subject, kind, at, data, live)
      select :tenant, new.id::uuid, new.subject, new.kind, new.at::timestamptz, new.data::jsonb,
             coalesce(new.kind <> all (wanted.list_only), true)
        from unnest(:ids, :subjects, :kinds, :times, :data)
               with ordinality as new (id, subject, kind, at, data, place)
        left join notification_preference wanted on wanted.subject = new.subject
       where coalesce(new.kind <> all (wanted.muted), true)
       order by new.place
      on conflict do nothing
      returning case when live then subject end
      """;

  private static final List<String> OF_A_USER =
      List.of(
          "notification",
          "notification_preference",
          "notification_cursor",
          "notification_staff",
          "account_alert",
          "presence");

  private final JdbcClient sql;
  private final Origins origins;
  private final AlertStore alerts;
  private final Staff staff;
  private final NotificationExpiry expiry;
  private final WebhookOutbox webhooks;
  private final UserSignals signals;
  private final Set<NotificationKind> kinds;
  private final Duration kept;
  private final InstantSource clock;
  private final JsonMapper json;

  /**
   * @param worker connections whose transaction the caller has begun
   * @param kinds those that are made at all
   * @param kept no event that is older notifies
   * @param staffNotified how long a member of staff is notified after looking at notifications
   */
  public NotificationWriter(
      DataSource worker,
      Origins origins,
      NotificationExpiry expiry,
      WebhookOutbox webhooks,
      UserSignals signals,
      Collection<NotificationKind> kinds,
      Duration kept,
      Duration staffNotified,
      InstantSource clock,
      JsonMapper json) {
    this.sql = JdbcClient.create(worker);
    this.origins = origins;
    this.alerts = new AlertStore(worker);
    this.staff = new Staff(worker, staffNotified, clock);
    this.expiry = expiry;
    this.webhooks = webhooks;
    this.signals = signals;
    this.kinds = Set.copyOf(kinds);
    this.kept = kept;
    this.clock = clock;
    this.json = json;
  }

  /**
   * A notification.
   *
   * @param subject its user; null if it is for the staff alone
   * @param data the draft's as JSON, for users and webhooks alike
   */
  private record Row(
      UUID id, @Nullable String subject, Instant at, String event, Draft draft, String data) {
    Row to(String other) {
      return new Row(idOf(event, at, other, draft), other, at, event, draft, data);
    }

    private static UUID idOf(String event, Instant at, @Nullable String subject, Draft draft) {
      return NotificationIds.of(at, event, draft.kind(), subject == null ? "" : subject);
    }
  }

  private Row row(String event, Instant at, @Nullable String subject, Draft draft) {
    UUID id = Row.idOf(event, at, subject, draft);
    return new Row(id, subject, at, event, draft, json.writeValueAsString(draft.data()));
  }

  /**
   * Writes a notification that no event makes, in the caller's transaction of the current tenant.
   *
   * @param source what it is made from: with the same time it leads to the same notification
   * @param subject its user, beside the staff; null for the staff alone
   */
  public void write(String source, Instant at, @Nullable String subject, Draft draft) {
    TenantId tenant = TenantContext.current();
    sql.sql(ENTER_TENANT).param("tenant", tenant.value()).query(String.class).single();
    insert(tenant, List.of(row(source, at, subject, draft)));
  }

  /** Writes what the events notify of. */
  public void write(List<? extends EventMessage<?>> batch) {
    Instant oldest = clock.instant().minus(kept);
    Map<TenantId, List<EventMessage<?>>> byTenant =
        new TreeMap<>(Comparator.comparing(TenantId::value));
    for (EventMessage<?> event : batch) {
      boolean notifies =
          NotificationRules.kind(event.getPayload()) != null
              && !event.getTimestamp().isBefore(oldest);
      if (notifies || event.getPayload() instanceof DataSubjectForgotten) {
        byTenant
            .computeIfAbsent(TenantMessageInterceptor.of(event), tenant -> new ArrayList<>())
            .add(event);
      }
    }
    byTenant.forEach((tenant, events) -> TenantContext.run(tenant, () -> write(tenant, events)));
  }

  private void write(TenantId tenant, List<EventMessage<?>> events) {
    Set<StreamId> streams = new HashSet<>();
    for (EventMessage<?> event : events) {
      if (!(event.getPayload() instanceof DataSubjectForgotten)) {
        streams.add(NotificationRules.stream(event.getPayload()));
      }
    }
    Map<StreamId, Origin> known = origins.of(streams);
    sql.sql(ENTER_TENANT).param("tenant", tenant.value()).query(String.class).single();
    List<Row> rows = new ArrayList<>();
    for (EventMessage<?> event : events) {
      if (event.getPayload() instanceof DataSubjectForgotten forgotten) {
        insert(tenant, rows);
        rows.clear();
        forget(forgotten.subject());
      } else {
        Origin origin = known.get(NotificationRules.stream(event.getPayload()));
        NotificationKind kind = NotificationRules.kind(event.getPayload());
        if (origin != null && kind != null) {
          Draft draft = new Draft(kind, NotificationRules.data(event.getPayload(), origin));
          rows.add(row(event.getIdentifier(), event.getTimestamp(), origin.customer(), draft));
        }
      }
    }
    insert(tenant, rows);
  }

  private void insert(TenantId tenant, List<Row> drafts) {
    List<Row> rows =
        withAlerts(drafts).stream().filter(row -> kinds.contains(row.draft().kind())).toList();
    if (rows.isEmpty()) {
      return;
    }
    Set<String> notified = insertForUsers(tenant, withStaff(rows));
    if (!notified.isEmpty()) {
      signals.send(tenant, notified);
    }
    webhooks.add(tenant, ids(rows), kinds(rows), times(rows), data(rows));
    expiry.ensure(tenant);
  }

  /** Returns the users that have got some to be sent over streams. */
  private Set<String> insertForUsers(TenantId tenant, List<Row> rows) {
    return rows.isEmpty()
        ? Set.of()
        : new LinkedHashSet<>(
            sql
                .sql(INSERT)
                .param("tenant", tenant.value())
                .param("ids", ids(rows))
                .param("subjects", column(rows, row -> String.valueOf(row.subject())))
                .param("kinds", kinds(rows))
                .param("times", times(rows))
                .param("data", data(rows))
                .query((row, number) -> Optional.ofNullable(row.getString(1)))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  private static String[] ids(List<Row> rows) {
    return column(rows, row -> row.id().toString());
  }

  private static String[] kinds(List<Row> rows) {
    return column(rows, row -> row.draft().kind().name());
  }

  private static String[] times(List<Row> rows) {
    return column(rows, row -> row.at().toString());
  }

  private static String[] data(List<Row> rows) {
    return column(rows, Row::data);
  }

  /** What users get: each row for its user, followed by those of the staff that it is for, too. */
  private List<Row> withStaff(List<Row> rows) {
    Map<Role, List<Staff.Member>> known = new EnumMap<>(Role.class);
    List<Row> all = new ArrayList<>();
    for (Row row : rows) {
      if (row.subject() != null) {
        all.add(row);
      }
      Role role = NotificationRules.staff(row.draft().kind());
      if (role != null) {
        for (Staff.Member member : known.computeIfAbsent(role, staff::with)) {
          if (!member.since().isAfter(row.at())) {
            all.add(row.to(member.subject()));
          }
        }
      }
    }
    return all;
  }

  /** The drafts, each followed by those of the thresholds that it has crossed. */
  private List<Row> withAlerts(List<Row> drafts) {
    Set<UUID> booked = new LinkedHashSet<>();
    for (Row row : drafts) {
      UUID account = row.draft().data().account();
      if (account != null && row.draft().data().balance() != null) {
        booked.add(account);
      }
    }
    Map<UUID, BalanceAlert> set = booked.isEmpty() ? Map.of() : alerts.of(booked);
    if (set.isEmpty()) {
      return drafts;
    }
    List<Row> all = new ArrayList<>();
    for (Row row : drafts) {
      all.add(row);
      BalanceAlert alert = set.get(row.draft().data().account());
      if (alert != null) {
        alert
            .crossedBy(row.draft())
            .forEach(crossed -> all.add(row(row.event(), row.at(), row.subject(), crossed)));
      }
    }
    return all;
  }

  /** Deletes all that is known of a user. */
  private void forget(String subject) {
    for (String table : OF_A_USER) {
      sql.sql("delete from %s where subject = :subject".formatted(table))
          .param("subject", subject)
          .update();
    }
  }

  private static String[] column(List<Row> rows, Function<Row, String> value) {
    return rows.stream().map(value).toArray(String[]::new);
  }
}

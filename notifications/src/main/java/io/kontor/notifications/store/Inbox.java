package io.kontor.notifications.store;

import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The notifications and preferences of a user of the current tenant. */
public final class Inbox {
  /** How far unread notifications are counted. */
  public static final int MOST_COUNTED = 1_000;

  /** In place of the last notification that a client has seen: it has seen none. */
  public static final UUID BEGINNING = new UUID(0, 0);

  private static final int CHANGED_AT_ONCE = 1_000;
  private static final String COLUMNS =
      "select number, id, kind, at, data, delivered_at, read_at is not null as is_read, live"
          + " from notification";

  private final UserTransactions transactions;
  private final JdbcClient sql;
  private final JsonMapper json;

  /**
   * @param app connections that see one tenant's rows
   */
  public Inbox(TenantTransactions transactions, DataSource app, JsonMapper json) {
    this.transactions = new UserTransactions(transactions, app);
    this.sql = JdbcClient.create(app);
    this.json = json;
  }

  /**
   * A page of the notifications, newest first.
   *
   * @param unread only those that are not read, or only those that are; null for all
   * @param before the number of the previous page's last one
   */
  public List<NumberedNotification> list(
      String subject, @Nullable Boolean unread, @Nullable Long before, int limit) {
    String which = "";
    if (unread != null) {
      which = unread ? " and read_at is null" : " and read_at is not null";
    }
    String wanted = COLUMNS + " where subject = :subject and number < :before" + which;
    return transactions.read(
        subject,
        () ->
            sql.sql(wanted + " order by number desc limit :limit")
                .param("subject", subject)
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("limit", limit)
                .query(this::notification)
                .list());
  }

  /**
   * What a reader has not seen.
   *
   * @param last the last one that it has seen; null, or one that is gone, for all that are not read
   */
  public UnseenNotifications unseen(String subject, @Nullable UUID last) {
    return transactions.read(subject, () -> unseen(subject, last, () -> 0));
  }

  /**
   * What a reader has not seen.
   *
   * @param last the last one that it has seen; null, or one that is gone, for all that are neither
   *     read nor acknowledged
   */
  public UnseenNotifications unacknowledged(String subject, @Nullable UUID last) {
    return transactions.read(subject, () -> unseen(subject, last, () -> acknowledged(subject)));
  }

  private UnseenNotifications unseen(
      String subject, @Nullable UUID last, LongSupplier acknowledged) {
    Long seen = last == null ? null : number(subject, last);
    if (last != null && seen != null) {
      return new UnseenNotifications(this, subject, seen, last, seen);
    }
    // First of all: one that is committed between two statements comes after it, and is sent.
    long newest = newest(subject);
    Long firstUnread =
        sql.sql(
                """
                select min(number) from notification
                 where subject = :subject and read_at is null and live
                   and number > :acknowledged
                """)
            .param("subject", subject)
            .param("acknowledged", acknowledged.getAsLong())
            .query(Long.class)
            .optional()
            .orElse(null);
    long before = firstUnread == null ? newest : firstUnread - 1;
    return new UnseenNotifications(this, subject, before, idUpTo(subject, before), newest);
  }

  /** Of the newest one up to a number. */
  private UUID idUpTo(String subject, long number) {
    return sql.sql(
            """
            select id from notification where subject = :subject and number <= :number
             order by number desc limit 1
            """)
        .param("subject", subject)
        .param("number", number)
        .query(UUID.class)
        .optional()
        .orElse(BEGINNING);
  }

  private long acknowledged(String subject) {
    return sql.sql("select acknowledged from notification_cursor where subject = :subject")
        .param("subject", subject)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** Notes that the user's clients have a notification and all before it that were sent. */
  public void acknowledge(String subject, UUID id) {
    int delivered;
    do {
      delivered = transactions.write(subject, () -> acknowledgeSome(subject, id));
    } while (delivered == CHANGED_AT_ONCE);
  }

  private int acknowledgeSome(String subject, UUID id) {
    int delivered =
        sql.sql(
                """
                update notification set delivered_at = now()
                 where id in (
                   select one.id from notification one, notification last
                    where last.id = :id and last.subject = :subject
                      and one.subject = :subject and one.number <= last.number
                      and one.number > coalesce((
                        select acknowledged from notification_cursor where subject = :subject), 0)
                      and one.live and one.delivered_at is null
                    order by one.number limit :limit for update of one)
                """)
            .param("id", id)
            .param("subject", subject)
            .param("limit", CHANGED_AT_ONCE)
            .update();
    if (delivered < CHANGED_AT_ONCE) {
      moveCursor(subject, id);
    }
    return delivered;
  }

  private void moveCursor(String subject, UUID id) {
    sql.sql(
            """
            insert into notification_cursor as cursor
              (tenant_id, subject, acknowledged)
            select current_tenant(), subject, number from notification
             where id = :id and subject = :subject
            on conflict (tenant_id, subject) do update
              set acknowledged = excluded.acknowledged
              where cursor.acknowledged < excluded.acknowledged
            """)
        .param("id", id)
        .param("subject", subject)
        .update();
  }

  private @Nullable Long number(String subject, UUID id) {
    if (id.equals(BEGINNING)) {
      return 0L;
    }
    return sql.sql("select number from notification where id = :id and subject = :subject")
        .param("id", id)
        .param("subject", subject)
        .query(Long.class)
        .optional()
        .orElse(null);
  }

  /**
   * A page of those after a number, oldest first.
   *
   * @param unreadUpTo up to that number only unread ones
   */
  List<NumberedNotification> after(String subject, long number, long unreadUpTo, int limit) {
    return transactions.read(
        subject,
        () ->
            sql.sql(
                    COLUMNS
                        + """
                         where subject = :subject and number > :number
                           and (number > :unreadUpTo or read_at is null)
                         order by number limit :limit
                        """)
                .param("subject", subject)
                .param("number", number)
                .param("unreadUpTo", unreadUpTo)
                .param("limit", limit)
                .query(this::notification)
                .list());
  }

  /** How many are not read, {@link #MOST_COUNTED} at most. */
  public long unread(String subject) {
    return transactions.read(
        subject,
        () ->
            sql.sql(
                    """
                    select count(*) from (
                      select from notification
                       where subject = :subject and read_at is null limit :most) as unread
                    """)
                .param("subject", subject)
                .param("most", MOST_COUNTED)
                .query(Long.class)
                .single());
  }

  /**
   * Marks a notification as read.
   *
   * @return whether the user has it
   */
  public boolean read(String subject, UUID id) {
    return transactions.write(
        subject,
        () ->
            sql.sql(
                        """
                        update notification set read_at = coalesce(read_at, now())
                         where id = :id and subject = :subject
                        """)
                    .param("id", id)
                    .param("subject", subject)
                    .update()
                == 1);
  }

  /** Marks all that are there as read. */
  public void readAll(String subject) {
    long last = transactions.read(subject, () -> newest(subject));
    int read;
    do {
      read = transactions.write(subject, () -> readSome(subject, last));
    } while (read == CHANGED_AT_ONCE);
  }

  private int readSome(String subject, long last) {
    return sql.sql(
            """
            update notification set read_at = now()
             where id in (
               select id from notification
                where subject = :subject and read_at is null and number <= :last
                order by number limit :limit for update)
            """)
        .param("subject", subject)
        .param("last", last)
        .param("limit", CHANGED_AT_ONCE)
        .update();
  }

  /** The number of the newest one; 0 if there is none. */
  private long newest(String subject) {
    return sql.sql(
            """
            select coalesce(max(number), 0) from notification where subject = :subject
            """)
        .param("subject", subject)
        .query(Long.class)
        .single();
  }

  /** What the user wants to be notified of, and how. */
  public Preferences preferences(String subject) {
    return transactions.read(
        subject,
        () ->
            sql.sql("select muted, list_only from notification_preference where subject = :subject")
                .param("subject", subject)
                .query(
                    (row, number) ->
                        new Preferences(
                            kinds(row.getArray("muted")), kinds(row.getArray("list_only"))))
                .optional()
                .orElse(new Preferences(List.of(), List.of())));
  }

  /** Sets what the user wants from the next event on; the notifications that are there stay. */
  public void prefer(String subject, Preferences wanted) {
    transactions.write(
        subject,
        () ->
            sql.sql(
                    """
                    insert into notification_preference (tenant_id, subject, muted, list_only)
                    values (current_tenant(), :subject, :muted, :listOnly)
                    on conflict (tenant_id, subject) do update
                      set muted = excluded.muted, list_only = excluded.list_only
                    """)
                .param("subject", subject)
                .param("muted", names(wanted.muted()))
                .param("listOnly", names(wanted.listOnly()))
                .update());
  }

  private static String[] names(List<NotificationKind> kinds) {
    return kinds.stream().map(NotificationKind::name).toArray(String[]::new);
  }

  private static List<NotificationKind> kinds(Array names) throws SQLException {
    return Arrays.stream((String[]) names.getArray()).map(NotificationKind::valueOf).toList();
  }

  private NumberedNotification notification(ResultSet row, int number) throws SQLException {
    return new NumberedNotification(
        row.getLong("number"),
        new Notification(
            row.getObject("id", UUID.class),
            NotificationKind.valueOf(row.getString("kind")),
            row.getTimestamp("at").toInstant(),
            json.readValue(row.getString("data"), NotificationData.class),
            Optional.ofNullable(row.getTimestamp("delivered_at"))
                .map(Timestamp::toInstant)
                .orElse(null),
            row.getBoolean("is_read")),
        row.getBoolean("live"));
  }
}

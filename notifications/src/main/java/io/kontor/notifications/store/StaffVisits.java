package io.kontor.notifications.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.web.security.Caller;
import io.kontor.web.security.Role;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Notes who of the current tenant's staff looks at notifications, and with which roles: the bank
 * has no other list of its staff. One who looks with another role, or as a customer only, is noted
 * anew at once, everyone else each hour.
 */
public final class StaffVisits {
  private static final Set<Role> STAFF = Set.of(Role.TELLER, Role.ADMIN);
  private static final Duration NOTED_EACH = Duration.ofHours(1);
  private static final int MOST = 50_000;

  private final Cache<Visitor, Set<String>> noted =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(NOTED_EACH).build();
  private final UserTransactions transactions;
  private final JdbcClient sql;
  private final Duration notified;
  private final InstantSource clock;

  /**
   * @param app connections that see one tenant's rows
   * @param notified how long a member of staff is notified after a visit
   */
  public StaffVisits(
      TenantTransactions transactions, DataSource app, Duration notified, InstantSource clock) {
    this.transactions = new UserTransactions(transactions, app);
    this.sql = JdbcClient.create(app);
    this.notified = notified;
    this.clock = clock;
  }

  private record Visitor(TenantId tenant, String subject) {}

  /** Notes that a caller looks at notifications. */
  public void note(Caller caller) {
    var visitor = new Visitor(TenantContext.current(), caller.subject());
    Set<String> roles = new TreeSet<>();
    caller.roles().stream().filter(STAFF::contains).forEach(role -> roles.add(role.claim()));
    if (!roles.equals(noted.getIfPresent(visitor))) {
      transactions.write(
          caller.subject(),
          () -> roles.isEmpty() ? leave(caller.subject()) : enter(caller.subject(), roles));
      noted.put(visitor, roles);
    }
  }

  private int leave(String subject) {
    return sql.sql("delete from notification_staff where subject = ?").param(subject).update();
  }

  /** Another role, or one after a long absence, begins now. */
  private int enter(String subject, Set<String> roles) {
    Instant now = clock.instant();
    return sql.sql(
            """
            insert into notification_staff as staff
              (tenant_id, subject, roles, since, seen_at)
            values (current_tenant(), :subject, :roles, :now, :now)
            on conflict (tenant_id, subject) do update
              set since = case when staff.roles = excluded.roles and staff.seen_at > :lapsed
                               then staff.since else excluded.since end,
                  roles = excluded.roles, seen_at = excluded.seen_at
            """)
        .param("subject", subject)
        .param("roles", roles.toArray(String[]::new))
        .param("now", Timestamp.from(now))
        .param("lapsed", Timestamp.from(now.minus(notified)))
        .update();
  }
}

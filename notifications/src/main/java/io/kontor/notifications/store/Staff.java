package io.kontor.notifications.store;

import io.kontor.web.security.Role;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The staff of the current tenant that is notified, in the caller's transaction. */
final class Staff {
  private final JdbcClient sql;
  private final Duration notified;
  private final InstantSource clock;

  /**
   * @param notified how long a member is notified after looking at notifications
   */
  Staff(DataSource worker, Duration notified, InstantSource clock) {
    this.sql = JdbcClient.create(worker);
    this.notified = notified;
    this.clock = clock;
  }

  /**
   * A member of staff.
   *
   * @param since what happened before is not notified
   */
  record Member(String subject, Instant since) {}

  /** The members with a role. */
  List<Member> with(Role role) {
    return sql.sql(
            """
            select subject, since from notification_staff
             where :role = any (roles) and seen_at > :lapsed order by subject
            """)
        .param("role", role.claim())
        .param("lapsed", Timestamp.from(clock.instant().minus(notified)))
        .query(
            (row, number) ->
                new Member(row.getString("subject"), row.getTimestamp("since").toInstant()))
        .list();
  }
}

package io.kontor.notifications.presence;

import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who is present, by the database's clock: all nodes see alike that one of them has died. */
public final class PresenceStore {
  private final TenantTransactions transactions;
  private final JdbcClient sql;
  private final Duration gone;

  /**
   * @param app connections that see one tenant's rows
   * @param gone a user that no node has seen for that long is not present
   */
  public PresenceStore(TenantTransactions transactions, DataSource app, Duration gone) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(app);
    this.gone = gone;
  }

  /** Notes which users of the current tenant are connected to a node, and that no others are. */
  public void seen(UUID node, Collection<String> subjects) {
    transactions.write(
        () -> {
          sql.sql(
                  """
                  insert into presence (tenant_id, subject, node, seen_at)
                  select current_tenant(), subject, :node, now()
                    from unnest(:subjects) as subject
                  on conflict (tenant_id, subject, node) do update set seen_at = excluded.seen_at
                  """)
              .param("subjects", subjects.toArray(String[]::new))
              .param("node", node)
              .update();
          return deleteOld(node);
        });
  }

  /** Deletes what this node has not seen now, and what nodes that died have left behind. */
  private int deleteOld(UUID node) {
    return sql.sql(
            """
            delete from presence p using (
              select subject, node from presence
               where node = :node and seen_at < now()
                  or seen_at < now() - make_interval(secs => :seconds)
                 for update skip locked) as old
             where p.subject = old.subject and p.node = old.node
            """)
        .param("node", node)
        .param("seconds", 2 * gone.toSeconds())
        .update();
  }

  /** When a user of the current tenant was seen last; none when the user is not present. */
  public Optional<Instant> lastSeen(String subject) {
    return transactions.read(
        () ->
            sql.sql(
                    """
                    select seen_at from presence
                     where subject = :subject
                       and seen_at > now() - make_interval(secs => :seconds)
                     order by seen_at desc limit 1
                    """)
                .param("subject", subject)
                .param("seconds", gone.toSeconds())
                .query((row, number) -> row.getTimestamp("seen_at").toInstant())
                .optional());
  }
}

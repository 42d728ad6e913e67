package io.kontor.notifications.store;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tickets that were not used yet. Their time is the database's, so any node may redeem them. */
public final class TicketStore {
  /** How long a ticket is valid. */
  public static final Duration VALID = Duration.ofSeconds(30);

  private final TenantTransactions transactions;
  private final JdbcClient sql;

  /**
   * @param app connections that see one tenant's rows
   */
  public TicketStore(TenantTransactions transactions, DataSource app) {
    this.transactions = transactions;
    this.sql = JdbcClient.create(app);
  }

  /** Makes a ticket of the current tenant valid, in place of a token. */
  public void add(Ticket ticket, String token) {
    transactions.write(
        () -> {
          sql.sql("delete from notification_ticket where expires_at <= now()").update();
          return sql.sql(
                  """
                  insert into notification_ticket (tenant_id, digest, sealed, expires_at)
                  values (current_tenant(), :digest, :sealed,
                    now() + make_interval(secs => :seconds))
                  on conflict do nothing
                  """)
              .param("digest", ticket.digest())
              .param("sealed", ticket.seal(token))
              .param("seconds", VALID.toSeconds())
              .update();
        });
  }

  /** The token that a valid ticket stands for. The ticket is used up. */
  public Optional<String> redeem(Ticket ticket) {
    return TenantContext.call(
        ticket.tenant(),
        () ->
            transactions.write(
                () ->
                    sql.sql(
                            """
                            delete from notification_ticket
                             where digest = :digest and expires_at > now()
                            returning sealed
                            """)
                        .param("digest", ticket.digest())
                        .query(byte[].class)
                        .optional()
                        .map(ticket::open)));
  }
}

package io.kontor.notifications.store;

import io.kontor.api.money.Money;
import io.kontor.notifications.rule.BalanceAlert;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The alerts of accounts of the current tenant, in the caller's transaction. */
public final class AlertStore {
  private final JdbcClient sql;

  public AlertStore(DataSource dataSource) {
    this.sql = JdbcClient.create(dataSource);
  }

  /** The alerts of those of the accounts that have some. */
  public Map<UUID, BalanceAlert> of(Collection<UUID> accounts) {
    Map<UUID, BalanceAlert> alerts = new HashMap<>();
    sql.sql(
            """
            select account_id, currency, below, above from account_alert
             where account_id = any (cast(:accounts as uuid[]))
            """)
        .param("accounts", accounts.stream().map(UUID::toString).toArray(String[]::new))
        .query(
            row -> {
              alerts.put(row.getObject("account_id", UUID.class), alert(row));
            });
    return alerts;
  }

  /**
   * Sets an account's alerts in place of those it had.
   *
   * @param customer whom they notify
   */
  public void set(UUID account, String customer, Currency currency, BalanceAlert alert) {
    if (alert.below() == null && alert.above() == null) {
      sql.sql("delete from account_alert where account_id = :account")
          .param("account", account)
          .update();
    } else {
      sql.sql(
              """
              insert into account_alert
                (tenant_id, account_id, subject, currency, below, above)
              values (current_tenant(), :account, :subject, :currency,
                cast(:below as bigint), cast(:above as bigint))
              on conflict (tenant_id, account_id) do update
                set subject = excluded.subject, below = excluded.below, above = excluded.above
              """)
          .param("account", account)
          .param("subject", customer)
          .param("currency", currency.getCurrencyCode())
          .param("below", minorUnits(alert.below()))
          .param("above", minorUnits(alert.above()))
          .update();
    }
  }

  private static BalanceAlert alert(ResultSet row) throws SQLException {
    String currency = row.getString("currency");
    return new BalanceAlert(
        money(row.getObject("below", Long.class), currency),
        money(row.getObject("above", Long.class), currency));
  }

  private static @Nullable Money money(@Nullable Long minorUnits, String currency) {
    return minorUnits == null ? null : new Money(minorUnits, Money.currencyOf(currency));
  }

  private static @Nullable Long minorUnits(@Nullable Money money) {
    return money == null ? null : money.minorUnits();
  }
}

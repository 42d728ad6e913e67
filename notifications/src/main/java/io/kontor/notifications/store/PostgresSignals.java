package io.kontor.notifications.store;

import io.kontor.tenancy.TenantId;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Signals by PostgreSQL's NOTIFY, which sends them with the commit. */
public final class PostgresSignals implements UserSignals {
  private final JdbcClient sql;

  /**
   * @param worker connections whose transaction the caller has begun
   */
  public PostgresSignals(DataSource worker) {
    this.sql = JdbcClient.create(worker);
  }

  @Override
  public void send(TenantId tenant, Set<String> subjects) {
    send(UserSignal.digests(tenant, subjects));
  }

  /** Sends digests of users. */
  void send(List<String> users) {
    for (String payload : UserSignal.payloads(users)) {
      sql.sql("select pg_notify(current_schema() || '_' || :channel, :users)")
          .param("channel", UserSignal.CHANNEL)
          .param("users", payload)
          .query((row, number) -> true)
          .single();
    }
  }
}

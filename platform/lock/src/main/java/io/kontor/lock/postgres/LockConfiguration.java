package io.kontor.lock.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.lock.LeaseLock;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this module, to be imported. Needs {@code sessionsDataSource}. */
@Configuration(proxyBeanMethods = false)
public class LockConfiguration {
  private static final int CONNECTIONS = 2;
  private static final long CONNECTION_TIMEOUT_MILLIS = 3_000;

  /** Connections of their own: an extension must not queue behind the work that it protects. */
  @Bean
  HikariDataSource lockDataSource(@Qualifier("sessionsDataSource") DataSource sessions) {
    var config = new HikariConfig();
    config.setPoolName("lock");
    config.setDataSource(sessions);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    return new HikariDataSource(config);
  }

  @Bean
  LeaseLock leaseLock(@Qualifier("lockDataSource") DataSource connections) {
    return new PostgresLeaseLock(connections);
  }
}

package io.kontor.app.cell;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Has a cell's pools open connections on demand and close those that are idle for a minute, so that
 * a tenant that is quiet keeps few.
 */
final class IdleConnections implements BeanPostProcessor {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof DataSource dataSource) {
      try {
        closeIdle(dataSource);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return bean;
  }

  private static void closeIdle(DataSource dataSource) throws SQLException {
    if (dataSource.isWrapperFor(HikariDataSource.class)) {
      HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
      pool.setMinimumIdle(0);
      pool.setIdleTimeout(LIMIT.toMillis());
    }
  }
}

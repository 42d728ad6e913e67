package io.kontor.projection.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.TestDatabase;
import io.kontor.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class RebuildLockTest {
  private static final List<String> PROJECTIONS = List.of("account", "journal");

  @Test
  void oneProcessAtATimeHoldsTheLock() {
    try (var database = TestDatabase.create()) {
      try (var first = RebuildLock.tryTake(database.worker(), PROJECTIONS)) {
        assertThat(first).isNotNull();
        assertThat(RebuildLock.tryTake(database.worker(), List.of("journal"))).isNull();
      }
      Objects.requireNonNull(RebuildLock.tryTake(database.worker(), PROJECTIONS)).close();
    }
  }

  @Test
  void aStalledProcessLosesTheLock() throws Exception {
    try (var database = TestDatabase.create();
        var network = new TcpProxy(port(database))) {
      RebuildLock.tryTake(through(network, database), PROJECTIONS);
      network.stall();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () -> {
                RebuildLock taken = RebuildLock.tryTake(database.worker(), PROJECTIONS);
                if (taken != null) {
                  taken.close();
                }
                return taken != null;
              });
    }
  }

  private static int port(TestDatabase database) {
    return URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
  }

  private static DataSource through(TcpProxy network, TestDatabase database) {
    String url = database.jdbcUrl().replace(":" + port(database), ":" + network.port());
    return new DriverManagerDataSource(
        url + "?socketTimeout=5",
        DatabaseLogin.WORKER.role(),
        database.password(DatabaseLogin.WORKER));
  }
}

package io.kontor.projection.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.lock.LeaseLock;
import io.kontor.lock.LeaseLostException;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.postgres.TestDatabase;
import io.kontor.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class RebuildLeasesTest {
  private static final List<String> PROJECTIONS = List.of("account", "journal");

  @Test
  void oneProcessAtATimeHoldsTheLeases() throws Exception {
    try (var database = TestDatabase.create()) {
      LeaseLock locks = new PostgresLeaseLock(database.worker());
      try (var first = RebuildLeases.tryAcquire(locks, PROJECTIONS)) {
        assertThat(first).isNotNull();
        assertThat(RebuildLeases.tryAcquire(locks, List.of("journal"))).isNull();
        assertThat(RebuildLeases.tryAcquire(locks, List.of("a", "journal"))).isNull();
      }
      Objects.requireNonNull(RebuildLeases.tryAcquire(locks, List.of("a", "journal"))).close();
    }
  }

  @Test
  void aStalledProcessLosesTheLeasesAndMayNotWriteAnyMore() throws Exception {
    try (var database = TestDatabase.create();
        var network = new TcpProxy(port(database))) {
      RebuildLeases stalled =
          Objects.requireNonNull(
              RebuildLeases.tryAcquire(
                  new PostgresLeaseLock(through(network, database)), PROJECTIONS));
      DSLContext sql = DSL.using(database.worker(), SQLDialect.POSTGRES);
      stalled.check(sql);
      network.stall();
      var other = new PostgresLeaseLock(database.worker());
      await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () -> {
                RebuildLeases taken = RebuildLeases.tryAcquire(other, PROJECTIONS);
                if (taken != null) {
                  taken.close();
                }
                return taken != null;
              });
      assertThat(stalled.areValid()).isFalse();
      assertThatThrownBy(() -> stalled.check(sql)).isInstanceOf(LeaseLostException.class);
    }
  }

  private static int port(TestDatabase database) {
    return URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
  }

  private static DataSource through(TcpProxy network, TestDatabase database) {
    String url = database.jdbcUrl().replace(":" + port(database), ":" + network.port());
    return new DriverManagerDataSource(
        url + "?socketTimeout=5&currentSchema=kontor",
        DatabaseLogin.WORKER.role(),
        database.password(DatabaseLogin.WORKER));
  }
}

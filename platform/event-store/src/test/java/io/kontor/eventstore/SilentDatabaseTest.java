package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.DatabaseLogin;
import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Get;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.postgres.TestDatabase;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandResultMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The writer's connection drops everything, as a firewall that drops packets does. */
class SilentDatabaseTest {
  private static final int LONG_ENOUGH_SECONDS = 120;

  private TestDatabase database;
  private TcpProxy proxy;
  private CounterNode node;
  private String stream;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create();
    String url = database.jdbcUrl();
    int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
    proxy = new TcpProxy(port);
    var writer = new PGSimpleDataSource();
    writer.setUrl(url.replace(":" + port + "/", ":" + proxy.port() + "/"));
    writer.setCurrentSchema("kontor");
    writer.setUser(DatabaseLogin.WORKER.role());
    writer.setPassword(database.password(DatabaseLogin.WORKER));
    writer.setConnectTimeout(2);
    writer.setSocketTimeout(2);
    node = new CounterNode(database.app(), database.worker(), new PatientOnceOpen(writer), 10_000);
    stream = newStream();
    node.send(new Start(stream));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.resume();
    node.close();
    proxy.close();
    database.close();
  }

  @Test
  void aSilentConnectionIsReplacedAndTheCommandDoneOnce() throws Exception {
    proxy.stall();
    var adding = sent(new Add(stream, 1));
    proxy.resume(); // for new connections

    assertThat(adding.get(LONG_ENOUGH_SECONDS, SECONDS).getPayload()).isEqualTo(new Total(1, 1));
    assertThat(node.send(new Get(stream))).isEqualTo(new Total(1, 1));
  }

  @Test
  void commandsAreRefusedWhileTheDatabaseIsSilentAndTakenAgainAfterwards() throws Exception {
    proxy.stall();
    List<CompletableFuture<CommandResultMessage<?>>> waiting = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      waiting.add(sent(new Add(stream, 1)));
    }
    for (var command : waiting) {
      assertThat(command.get(LONG_ENOUGH_SECONDS, SECONDS).exceptionResult())
          .isInstanceOf(StoreBusyException.class);
    }
    assertThat(node.status.isRunning()).isTrue();

    proxy.resume();

    assertThat(sent(new Add(stream, 1)).get(LONG_ENOUGH_SECONDS, SECONDS).isExceptional())
        .isFalse();
    assertThat(node.send(new Get(stream))).isEqualTo(new Total(1, 1));
  }

  /** Opened connections have no timeout. */
  private static final class PatientOnceOpen extends DelegatingDataSource {
    PatientOnceOpen(DataSource login) {
      super(login);
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      connection.setNetworkTimeout(Runnable::run, 0);
      return connection;
    }
  }

  private CompletableFuture<CommandResultMessage<?>> sent(Object command) {
    return CompletableFuture.supplyAsync(
        () -> node.result(command, Map.of()), task -> Thread.ofPlatform().start(task));
  }
}

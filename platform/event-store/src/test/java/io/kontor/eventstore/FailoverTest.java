package io.kontor.eventstore;

import static io.kontor.eventstore.CounterNode.newStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.eventstore.Counter.Add;
import io.kontor.eventstore.Counter.Start;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.event.StoreBusyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database server dies, and its standby is promoted under a running node. */
@Tag("system")
class FailoverTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Standby servers;
  private CounterNode node;
  private String stream;

  @BeforeEach
  void start() throws Exception {
    servers = Standby.start(folder);
    SchemaMigrator.run(servers.owner());
    node = newNode();
    stream = newStream();
    node.send(new Start(stream));
    node.send(new Add(stream, 1));
    await().atMost(SOON).until(this::eventsOnStandby, count -> count == 2);
  }

  @AfterEach
  void stop() {
    node.close();
    servers.close();
  }

  @Test
  void afterAFailoverThatLostCommitsTheNodeTakesNoMoreCommands() throws Exception {
    servers.loseReplication();
    for (int n = 0; n < 5; n++) {
      node.send(new Add(stream, 1));
    }
    servers.failOver();

    assertThatThrownBy(() -> node.send(new Add(stream, 1)))
        .isInstanceOf(StoreBusyException.class)
        .hasMessageContaining("gone back in time");
    assertThat(node.status.isRunning()).isFalse();
    assertThat(eventsOnStandby()).isEqualTo(2);

    try (var restarted = newNode()) {
      assertThat(restarted.send(new Add(stream, 1))).isEqualTo(new Total(2, 2));
    }
  }

  @Test
  void afterAFailoverThatLostNothingTheNodeGoesOn() throws Exception {
    servers.commitSynchronously();
    List<Long> acknowledged = new CopyOnWriteArrayList<>();
    var going = new AtomicBoolean(true);
    try (var clients = Executors.newFixedThreadPool(4)) {
      for (long client = 1; client <= 4; client++) {
        long first = client * 1_000_000;
        clients.execute(() -> count(first, going, acknowledged));
      }
      await().atMost(SOON).until(() -> acknowledged.size() > 50);
      servers.failOver();
      int before = acknowledged.size();
      await().atMost(SOON).until(() -> acknowledged.size() > before + 50);
      going.set(false);
    }

    assertThat(node.status.isRunning()).isTrue();
    assertThat(
            servers
                .standby()
                .queryForList(
                    "select (payload ->> 'amount')::bigint from kontor.event where type = 'added'",
                    Long.class))
        .doesNotHaveDuplicates()
        .containsAll(acknowledged);
  }

  /** A command that fails as busy may be durable or not; each amount is sent once. */
  private void count(long first, AtomicBoolean going, List<Long> acknowledged) {
    for (long amount = first; going.get(); amount++) {
      try {
        node.send(new Add(stream, amount));
        acknowledged.add(amount);
      } catch (RuntimeException away) {
        Thread.onSpinWait();
      }
    }
  }

  private CounterNode newNode() {
    return new CounterNode(servers.login(DatabaseLogin.APP), servers.login(DatabaseLogin.WORKER));
  }

  private long eventsOnStandby() {
    return servers.standby().queryForObject("select count(*) from kontor.event", Long.class);
  }
}

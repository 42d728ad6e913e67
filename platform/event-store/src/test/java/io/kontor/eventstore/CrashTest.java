package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.eventstore.CounterProcess.Answered;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.postgres.Login;
import io.kontor.postgres.Migration;
import io.kontor.testservers.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Whatever dies at whatever moment: what was answered is there exactly once. Rounds and seed are
 * settings: {@code -Dkontor.crash.rounds=200 -Dkontor.crash.seed=42}.
 */
class CrashTest {
  private static final int ROUNDS = Integer.getInteger("kontor.crash.rounds", 20);
  private static final long SEED = Long.getLong("kontor.crash.seed", new Random().nextLong());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private enum Fault {
    KILL_THE_PROCESS,
    CRASH_POSTGRES,
    CUT_THE_CONNECTIONS
  }

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private final ConcurrentLinkedQueue<Answered> answered = new ConcurrentLinkedQueue<>();
  private final Map<Long, Answered> expected = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final List<String> streams = Stream.generate(CounterNode::newStream).limit(8).toList();
  private EmbeddedPostgres postgres;
  private TcpProxy proxy;
  private long seenPosition;
  private long nextAmount = 1;

  @Test
  void whatWasAnsweredIsThereExactlyOnce() throws Exception {
    System.out.printf("crash test: %d rounds, seed %d%n", ROUNDS, SEED);
    postgres = EmbeddedPostgres.start(folder);
    Migration.run(postgres.dataSource(Login.OWNER));
    try (var node =
        new CounterNode(postgres.dataSource(Login.APP), postgres.dataSource(Login.WORKER))) {
      CounterProcess.start(node, streams);
    }
    proxy = new TcpProxy(port());
    CounterProcess process = startProcess();
    try {
      for (int round = 1; round <= ROUNDS; round++) {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        awaitAnswers(100 + random.nextInt(400));
        switch (fault) {
          case KILL_THE_PROCESS -> {
            process.close();
            process = startProcess();
          }
          case CRASH_POSTGRES -> crashPostgres();
          case CUT_THE_CONNECTIONS -> proxy.cut();
        }
        awaitAnswers(50);
        verify();
        System.out.printf(
            "crash test: round %d of %d, %s, %d counts verified%n",
            round, ROUNDS, fault, expected.size());
      }
    } finally {
      process.close();
      proxy.close();
    }
    verify();
    postgres.close();
  }

  private CounterProcess startProcess() {
    long first = nextAmount;
    nextAmount += 10_000_000;
    return new CounterProcess(
        "jdbc:postgresql://127.0.0.1:%d/kontor".formatted(proxy.port()),
        postgres.password(Login.APP),
        postgres.password(Login.WORKER),
        first,
        streams,
        answered::add);
  }

  /** An immediate stop: nothing is written any more, recovery finds only what the log has. */
  private void crashPostgres() throws IOException, InterruptedException {
    String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst();
    new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(server -> server.onExit().join());
    postgres.close();
    postgres = EmbeddedPostgres.start(folder);
    proxy.target(port());
  }

  private void awaitAnswers(int more) {
    int from = answered.size();
    await().atMost(PATIENCE).until(() -> answered.size() >= from + more);
  }

  private void verify() {
    for (Answered count = answered.poll(); count != null; count = answered.poll()) {
      assertThat(expected.put(count.amount(), count)).as("%s answered twice", count).isNull();
    }
    var missing = new HashMap<>(expected);
    var login = postgres.dataSource(Login.WORKER);
    var sql = new JdbcTemplate(login);
    var amounts = new HashMap<Long, Answered>();
    versions.clear();
    seenPosition = 0;
    sql.query(
        "select position, tenant_id || '/' || stream_id as stream, sequence,"
            + " coalesce((payload ->> 'amount')::bigint, 0) as amount from kontor.event"
            + " order by position",
        row -> {
          String stream = row.getString("stream");
          long version = row.getLong("sequence");
          long amount = row.getLong("amount");
          assertThat(row.getLong("position")).isEqualTo(++seenPosition);
          assertThat(version).isEqualTo(versions.merge(stream, 0L, (last, zero) -> last + 1));
          if (amount > 0) {
            var stored = new Answered(amount, stream, version);
            assertThat(amounts.put(amount, stored)).as("%s applied twice", stored).isNull();
            Answered told = missing.remove(amount);
            assertThat(told).isIn(null, stored);
          }
        });
    assertThat(missing).as("answered, but not there").isEmpty();
    assertThat(new ChainCheck(new EventHistory(login)).run(seenPosition, position -> {})).isEmpty();
  }

  private int port() {
    String url = postgres.jdbcUrl();
    return Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
  }
}

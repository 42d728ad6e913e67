package io.kontor.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.eventstore.CounterProcess.Answered;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.read.EventReader;
import io.kontor.eventstore.read.WriterLock;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Processes and the database crash, freeze, fall silent or are rewound at random times: what was
 * acknowledged is stored exactly once, unless the database lost it. Each fault happens once, then
 * at random. Rounds and seed are settings: {@code -Dkontor.crash.rounds=200
 * -Dkontor.crash.seed=42}.
 */
@Tag("system")
class EventStoreCrashTest {
  private static final int ROUNDS = Integer.getInteger("kontor.crash.rounds", 12);
  private static final long SEED = Long.getLong("kontor.crash.seed", new Random().nextLong());
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private enum Fault {
    KILL_THE_PROCESS,
    CRASH_POSTGRES,
    CUT_THE_CONNECTIONS,
    SILENCE_THE_NETWORK,
    FREEZE_THE_PROCESS,
    STEP_THE_CLOCK,
    REWIND_THE_DATABASE
  }

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private final ConcurrentLinkedQueue<Answered> answered = new ConcurrentLinkedQueue<>();
  private final Map<Long, Answered> expected = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final List<String> streams = Stream.generate(CounterNode::newStream).limit(8).toList();
  private EmbeddedPostgres postgres;
  private TcpProxy proxy;
  private final Set<Long> lost = new HashSet<>();
  private final Map<String, Instant> times = new HashMap<>();
  private long seenPosition;
  private long nextAmount = 1;

  @Test
  void whatWasAnsweredIsThereExactlyOnce() throws Exception {
    List<Fault> once = new ArrayList<>(List.of(Fault.values()));
    Collections.shuffle(once, random);
    System.out.printf("crash test: %d rounds, seed %d%n", ROUNDS, SEED);
    postgres = EmbeddedPostgres.start(folder);
    SchemaMigrator.run(postgres.dataSource(DatabaseLogin.OWNER));
    try (var node =
        new CounterNode(
            postgres.dataSource(DatabaseLogin.APP), postgres.dataSource(DatabaseLogin.WORKER))) {
      CounterProcess.start(node, streams);
    }
    proxy = new TcpProxy(port());
    CounterProcess process = startProcess();
    try {
      for (int round = 1; round <= ROUNDS; round++) {
        Fault fault = round <= once.size() ? once.get(round - 1) : anyFault();
        awaitAnswers(100 + random.nextInt(400));
        switch (fault) {
          case KILL_THE_PROCESS -> {
            process.close();
            process = startProcess();
          }
          case CRASH_POSTGRES -> crashPostgres();
          case CUT_THE_CONNECTIONS -> proxy.cut();
          case SILENCE_THE_NETWORK -> {
            proxy.stall();
            last();
            proxy.resume();
          }
          case FREEZE_THE_PROCESS -> {
            process.freeze();
            last();
            process.thaw();
          }
          case STEP_THE_CLOCK -> process.setClock(Duration.ofMinutes(random.nextInt(-120, 120)));
          case REWIND_THE_DATABASE -> {
            rewind();
            await().atMost(TIMEOUT).until(process::hasGivenUp);
            process.close();
            process = startProcess();
          }
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

  private Fault anyFault() {
    return Fault.values()[random.nextInt(Fault.values().length)];
  }

  /** Shorter or longer than the database's timeout for idle transactions. */
  private void last() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 7_000));
  }

  /** Removes the last events, as a failover to a server that lacks them does. */
  private void rewind() {
    var database = postgres.dataSource(DatabaseLogin.OWNER);
    var owner = new JdbcTemplate(database);
    forceRowLevelSecurity(owner, false);
    new TransactionTemplate(new JdbcTransactionManager(database))
        .executeWithoutResult(
            transaction -> {
              owner.execute("select pg_advisory_xact_lock(%s)".formatted(WriterLock.KEY));
              lost.addAll(
                  owner.queryForList(
                      "delete from kontor.event"
                          + " where position > (select max(position) - ? from kontor.event)"
                          + " returning coalesce((payload ->> 'amount')::bigint, 0)",
                      Long.class,
                      1 + random.nextInt(20)));
              owner.execute("delete from kontor.snapshot");
            });
    forceRowLevelSecurity(owner, true);
  }

  /** One table a transaction: who reads both tables would deadlock with a lock of both. */
  private static void forceRowLevelSecurity(JdbcTemplate owner, boolean force) {
    for (String table : List.of("event", "snapshot")) {
      owner.execute(
          "alter table kontor.%s %s row level security"
              .formatted(table, force ? "force" : "no force"));
    }
  }

  private CounterProcess startProcess() {
    long first = nextAmount;
    nextAmount += 10_000_000;
    return new CounterProcess(
        "jdbc:postgresql://127.0.0.1:%d/kontor".formatted(proxy.port()),
        postgres.password(DatabaseLogin.APP),
        postgres.password(DatabaseLogin.WORKER),
        first,
        streams,
        answered::add);
  }

  /** An immediate stop: nothing more is written, and recovery has only the log. */
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
    await().atMost(TIMEOUT).until(() -> answered.size() >= from + more);
  }

  private void verify() {
    for (Answered count = answered.poll(); count != null; count = answered.poll()) {
      assertThat(expected.put(count.amount(), count)).as("%s answered twice", count).isNull();
    }
    expected.keySet().removeAll(lost);
    var missing = new HashMap<>(expected);
    var login = postgres.dataSource(DatabaseLogin.WORKER);
    var sql = new JdbcTemplate(login);
    var amounts = new HashMap<Long, Answered>();
    versions.clear();
    times.clear();
    seenPosition = 0;
    sql.query(
        "select position, tenant_id || '/' || stream_id as stream, sequence, recorded_at,"
            + " coalesce((payload ->> 'amount')::bigint, 0) as amount from kontor.event order by"
            + " position",
        row -> {
          String stream = row.getString("stream");
          long version = row.getLong("sequence");
          long amount = row.getLong("amount");
          assertThat(row.getLong("position")).isEqualTo(++seenPosition);
          assertThat(version).isEqualTo(versions.merge(stream, 0L, (last, zero) -> last + 1));
          Instant time = row.getTimestamp("recorded_at").toInstant();
          assertThat(times.getOrDefault(stream, Instant.EPOCH)).isBeforeOrEqualTo(time);
          times.put(stream, time);
          if (amount > 0) {
            var stored = new Answered(amount, stream, version);
            assertThat(amounts.put(amount, stored)).as("%s applied twice", stored).isNull();
            Answered known = missing.remove(amount);
            assertThat(known).isIn(null, stored);
          }
        });
    assertThat(missing).as("answered, but not there").isEmpty();
    assertThat(new ChainVerifier(new EventReader(login)).run(seenPosition, position -> {}))
        .isEmpty();
  }

  private int port() {
    String url = postgres.jdbcUrl();
    return Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
  }
}

package io.kontor.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.postgres.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Leases in PostgreSQL while their holders are killed and paused. */
@Tag("system")
@Timeout(300)
class PostgresMutualExclusionTest {
  private static final Duration AT_MOST = Duration.ofMinutes(2);
  private static final int PROCESSES = 5;
  private static final int CONTENDERS = 50;
  private static final int FAULTS = 12;
  private static final long TTL_MILLIS = 500;

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Path> histories = new ArrayList<>();
  private TestDatabase database;
  private JdbcClient sql;
  @TempDir private Path folder;

  @BeforeEach
  void create() {
    database = TestDatabase.create();
    JdbcClient owner = JdbcClient.create(database.owner());
    owner
        .sql("create table kontor.written (id bigint generated always as identity, fence bigint)")
        .update();
    owner.sql("grant select, insert on kontor.written to kontor_worker").update();
    sql = JdbcClient.create(database.worker());
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void fiftyContendersHoldALeaseOneAtATimeThoughTheyAreKilledAndPaused() throws Exception {
    System.out.println("-Dkontor.seed=" + seed);
    List<ContenderProcess> processes = new ArrayList<>();
    try {
      for (int n = 0; n < PROCESSES; n++) {
        processes.add(contenders());
      }
      processes.forEach(process -> await().atMost(AT_MOST).until(() -> isReady(process)));
      for (int fault = 0; fault < FAULTS; fault++) {
        awaitMoreWrites(5);
        int victim = holder(processes).orElse(random.nextInt(PROCESSES));
        if (random.nextBoolean()) {
          processes.get(victim).kill();
          processes.set(victim, contenders());
        } else {
          processes.get(victim).pause();
          awaitMoreWrites(5);
          TimeUnit.MILLISECONDS.sleep(random.nextLong(2 * TTL_MILLIS));
          processes.get(victim).goOn();
        }
      }
      awaitMoreWrites(50);
      processes.forEach(ContenderProcess::finish);
      var history = LeaseHistory.read(histories);
      List<Long> written =
          sql.sql("select fence from kontor.written order by id").query(Long.class).list();
      System.out.printf(
          "intervals=%d written=%d refused=%d%n",
          history.intervals().size(), written.size(), refused(processes));

      assertThat(history.overlaps()).isEmpty();
      assertThat(history.intervals()).hasSizeGreaterThanOrEqualTo(written.size());
      assertThat(history.intervals().stream().map(LeaseHistory.Interval::fence))
          .as("fencing numbers in the order of the intervals")
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(written).as("fencing numbers in the order of the writes").isSorted();
      assertThat(processes.stream().flatMap(process -> process.lines().stream()))
          .noneMatch(line -> line.startsWith("failed"));
    } finally {
      processes.forEach(ContenderProcess::close);
    }
  }

  @Test
  void aHolderThatIsPausedPastItsLeaseIsRefusedWhatItWritesAfterwards() throws Exception {
    try (var holder =
        ContenderProcess.start(
            folder,
            PausedHolder.class,
            database.jdbcUrl(),
            database.password(DatabaseLogin.WORKER),
            "3000")) {
      await().atMost(AT_MOST).until(() -> !holder.lines().isEmpty());
      long fence = Long.parseLong(holder.lines().getFirst().substring("acquired ".length()));
      holder.pause();
      Lease successor =
          new PostgresLeaseLock(database.worker())
              .tryAcquire(Contenders.RESOURCE, Duration.ofMinutes(5), AT_MOST)
              .orElseThrow();
      assertThat(successor.fencingNumber().orElseThrow()).isGreaterThan(fence);
      PostgresContenders.writeUnder(successor, database.worker());
      holder.goOn();
      holder.send("write");
      await().atMost(AT_MOST).until(() -> !holder.isAlive());
      assertThat(holder.lines()).last().isEqualTo("refused");
      assertThat(sql.sql("select fence from kontor.written").query(Long.class).list())
          .containsExactly(successor.fencingNumber().orElseThrow());
    }
  }

  private ContenderProcess contenders() {
    Path history = folder.resolve("history-" + histories.size());
    histories.add(history);
    return ContenderProcess.start(
        folder,
        PostgresContenders.class,
        database.jdbcUrl(),
        database.password(DatabaseLogin.WORKER),
        history.toString(),
        Integer.toString(CONTENDERS / PROCESSES),
        Long.toString(random.nextLong()),
        Long.toString(TTL_MILLIS));
  }

  /** The process that holds the lease now. */
  private OptionalInt holder(List<ContenderProcess> processes) {
    String holder =
        sql.sql("select holder from kontor.lease where expires_at > clock_timestamp()")
            .query(String.class)
            .optional()
            .orElse("");
    return IntStream.range(0, processes.size())
        .filter(n -> holder.endsWith(" pid " + processes.get(n).pid()))
        .findFirst();
  }

  private void awaitMoreWrites(int more) {
    long target = writes() + more;
    await().atMost(AT_MOST).until(() -> writes() >= target);
  }

  private long writes() {
    return sql.sql("select count(*) from kontor.written").query(Long.class).single();
  }

  private static boolean isReady(ContenderProcess process) {
    assertThat(process.isAlive()).as("%s", process.lines()).isTrue();
    return process.lines().contains("ready");
  }

  private static long refused(List<ContenderProcess> processes) {
    return processes.stream()
        .flatMap(process -> process.lines().stream())
        .filter("refused"::equals)
        .count();
  }
}

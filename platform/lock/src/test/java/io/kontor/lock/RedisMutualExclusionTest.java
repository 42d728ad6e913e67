package io.kontor.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.embeddedredis.EmbeddedRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases on five real Redis servers while servers and holders are killed and paused. */
@Tag("system")
@Timeout(300)
class RedisMutualExclusionTest {
  private static final Duration AT_MOST = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final int PROCESSES = 5;
  private static final int CONTENDERS = 50;
  private static final int FAULTS = 12;
  private static final long TTL_MILLIS = 1_000;

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Path> histories = new ArrayList<>();
  private final List<SteppedRedis> servers = new ArrayList<>();
  private TestQuorum quorum;
  private LeaseLock lock;
  @TempDir private Path folder;

  @BeforeEach
  void start() {
    for (int n = 0; n < 5; n++) {
      servers.add(new SteppedRedis(folder));
    }
    quorum = new TestQuorum(addresses());
    lock = quorum.lock();
  }

  @AfterEach
  void stop() {
    quorum.close();
    servers.forEach(stepped -> stepped.server.close());
  }

  @Test
  void fiftyContendersHoldALeaseOneAtATimeWhileServersAndTheyAreKilledAndPaused() throws Exception {
    System.out.println("-Dkontor.seed=" + seed);
    List<ContenderProcess> processes = new ArrayList<>();
    try {
      for (int n = 0; n < PROCESSES; n++) {
        processes.add(contenders());
      }
      processes.forEach(process -> await().atMost(AT_MOST).until(() -> isReady(process)));
      for (int fault = 0; fault < FAULTS; fault++) {
        awaitMoreIntervals(5);
        switch (random.nextInt(4)) {
          case 0 -> {
            int victim = holder();
            processes.get(victim).kill();
            processes.set(victim, contenders(victim));
          }
          case 1 -> {
            int victim = holder();
            processes.get(victim).pause();
            awaitMoreIntervals(5);
            TimeUnit.MILLISECONDS.sleep(random.nextLong(2 * TTL_MILLIS));
            processes.get(victim).goOn();
          }
          case 2 -> {
            List<EmbeddedRedis> victims = someServers();
            victims.forEach(EmbeddedRedis::kill);
            awaitMoreIntervals(5);
            // A server without its memory may come back only when no lease is left that it granted.
            TimeUnit.MILLISECONDS.sleep(TTL_MILLIS);
            victims.forEach(EmbeddedRedis::restart);
          }
          default -> {
            List<EmbeddedRedis> victims = someServers();
            victims.forEach(EmbeddedRedis::pause);
            awaitMoreIntervals(5);
            TimeUnit.MILLISECONDS.sleep(random.nextLong(2 * TTL_MILLIS));
            victims.forEach(EmbeddedRedis::resume);
          }
        }
      }
      awaitMoreIntervals(50);
      processes.forEach(ContenderProcess::finish);
      var history = LeaseHistory.read(histories);
      System.out.printf("intervals=%d%n", history.intervals().size());
      assertThat(history.overlaps()).isEmpty();
      assertThat(processes.stream().flatMap(process -> process.lines().stream()))
          .noneMatch(line -> line.startsWith("failed"));
    } finally {
      processes.forEach(ContenderProcess::close);
    }
  }

  @Test
  void twoOfFiveServersMayBeGoneAndNotThree() throws Exception {
    servers.get(0).server.kill();
    servers.get(1).server.pause();
    Lease lease = acquired("works");
    assertThat(lock.tryAcquire("works", LONG, NO_WAIT)).isEmpty();
    assertThat(lease.extend()).isTrue();
    assertThat(lease.release()).isTrue();

    Lease held = acquired("held");
    servers.get(2).server.pause();
    long begun = System.nanoTime();
    assertThatThrownBy(() -> lock.tryAcquire("refused", LONG, Duration.ofSeconds(2)))
        .isInstanceOf(LockUnavailableException.class)
        .hasMessageContaining("the majority of 5 servers is silent");
    // An attempt can't be late by the wait: the limit is generous for a machine that is busy.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(12));
    assertThatThrownBy(held::extend).isInstanceOf(LockUnavailableException.class);
    assertThat(held.isValid()).as("until its time is over").isTrue();

    servers.get(2).server.resume();
    await().atMost(AT_MOST).until(() -> lock.tryAcquire("refused", LONG, NO_WAIT).isPresent());
    servers.get(1).server.resume();
  }

  @Test
  void aClockThatJumpsOnOneServerGivesNoOtherTheLeaseAndOnThreeItDoes() throws Exception {
    Lease lease = acquired("nightly");
    System.out.println("clocks stepped by libfaketime: " + SteppedRedis.isClockStepped());
    jumpClock(0, "nightly");
    assertThat(lock.tryAcquire("nightly", LONG, NO_WAIT)).isEmpty();
    assertThat(lease.extend()).as("four servers agree").isTrue();
    jumpClock(1, "nightly");
    assertThat(lock.tryAcquire("nightly", LONG, NO_WAIT)).isEmpty();

    jumpClock(2, "nightly");
    Lease second = acquired("nightly");
    assertThat(lease.isValid() && second.isValid())
        .as("two hold it: why leases without fencing numbers protect nothing that writes")
        .isTrue();
    assertThat(lease.fencingNumber()).isEmpty();
    assertThat(lease.extend()).isFalse();
  }

  @Test
  void onlyItsTokenReleasesALease() throws Exception {
    Lease former = acquired("nightly");
    for (int server = 0; server < 5; server++) {
      jumpClock(server, "nightly");
    }
    Lease successor = acquired("nightly");
    assertThat(former.extend()).isFalse();
    assertThat(former.release()).isFalse();
    assertThat(successor.extend()).isTrue();
    assertThat(successor.release()).isTrue();
    acquired("nightly").close();
  }

  /** An attempt that gets fewer servers than it needs leaves nothing behind. */
  @Test
  void aFailedAttemptIsReleasedEverywhere() throws Exception {
    Lease lease = acquired("nightly");
    jumpClock(0, "nightly");
    jumpClock(1, "nightly");
    assertThat(lock.tryAcquire("nightly", LONG, NO_WAIT)).as("gets two servers").isEmpty();
    lease.close();
    acquired("nightly").close();
  }

  private List<String> addresses() {
    return servers.stream().map(stepped -> stepped.server.address()).toList();
  }

  private Lease acquired(String resource) throws InterruptedException {
    return lock.tryAcquire(resource, LONG, AT_MOST).orElseThrow();
  }

  private void jumpClock(int server, String resource) {
    servers.get(server).jumpAhead("kontor:lease:" + resource);
  }

  private List<EmbeddedRedis> someServers() {
    int first = random.nextInt(5);
    int second = random.nextInt(5);
    return IntStream.of(first, second).distinct().mapToObj(n -> servers.get(n).server).toList();
  }

  /** The process that holds the lease now, or held it last. */
  private int holder() {
    var last = LeaseHistory.read(histories).intervals().getLast().holder();
    return Integer.parseInt(last.substring(0, last.indexOf('-')));
  }

  private ContenderProcess contenders() {
    return contenders(histories.size());
  }

  private ContenderProcess contenders(int number) {
    Path history = folder.resolve("history-" + histories.size());
    histories.add(history);
    return ContenderProcess.start(
        folder,
        RedisContenders.class,
        String.join(",", addresses()),
        history.toString(),
        Integer.toString(CONTENDERS / PROCESSES),
        Long.toString(random.nextLong()),
        Long.toString(TTL_MILLIS),
        Integer.toString(number));
  }

  private void awaitMoreIntervals(int more) {
    int target = intervals() + more;
    await().atMost(AT_MOST).until(() -> intervals() >= target);
  }

  private int intervals() {
    return LeaseHistory.read(histories).intervals().size();
  }

  private static boolean isReady(ContenderProcess process) {
    assertThat(process.isAlive()).as("%s", process.lines()).isTrue();
    return process.lines().contains("ready");
  }
}

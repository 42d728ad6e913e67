package io.kontor.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLock;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.lock.redis.RedisQuorumLock;
import io.kontor.postgres.TestDatabase;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * Locks that no other caller wants, acquired and released one after the other: leases in PostgreSQL
 * and on five Redis servers, beside Redisson's lock on one of these servers.
 */
final class LockBenchmark implements AutoCloseable {
  private static final int CALLERS = 16;
  private static final int SERVERS = 5;
  private static final Duration TTL = Duration.ofSeconds(10);

  /** Only the first attempts need it, while connections are opened. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final Turns turns;
  private final TestDatabase database = TestDatabase.create();
  private final HikariDataSource connections = pool(database);
  private final List<EmbeddedRedis> servers = new ArrayList<>();
  private final RedisNodes nodes;
  private final RedissonClient redisson;

  LockBenchmark(Turns turns) {
    this.turns = turns;
    for (int n = 0; n < SERVERS; n++) {
      servers.add(EmbeddedRedis.start());
    }
    List<String> addresses = servers.stream().map(EmbeddedRedis::address).toList();
    nodes = new RedisNodes(properties(addresses), new SimpleMeterRegistry());
    var config = new Config();
    config.useSingleServer().setAddress("redis://" + addresses.getFirst());
    redisson = Redisson.create(config);
  }

  private static HikariDataSource pool(TestDatabase database) {
    var config = new HikariConfig();
    config.setDataSource(database.worker());
    config.setMaximumPoolSize(CALLERS);
    return new HikariDataSource(config);
  }

  private static RedisProperties properties(List<String> nodes) {
    return new RedisProperties(
        nodes, null, false, null, null, false, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
  }

  /** The rows, whose ratios are to Redisson's lock. */
  Map<String, Benchmark> rows() {
    var yardstick =
        new Locking("Redisson's lock on one Redis server, 16 callers", this::useRedisson);
    var postgres =
        new Locking(
            "leases in PostgreSQL acquired and released, 16 callers",
            caller -> use(new PostgresLeaseLock(connections), caller));
    LeaseLock onFive = new RedisQuorumLock(nodes.all());
    var quorum =
        new Locking(
            "leases on five Redis servers, by quorum, 16 callers", caller -> use(onFive, caller));
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put("l1", Benchmark.of(postgres.what(), time -> turns.compare(postgres, yardstick).one()));
    rows.put("l2", Benchmark.of(quorum.what(), time -> turns.compare(quorum, yardstick).one()));
    rows.put("l3", Benchmark.of(yardstick.what(), time -> turns.alone(yardstick)));
    return rows;
  }

  private static int use(LeaseLock lock, int caller) throws InterruptedException {
    try (Lease lease = lock.tryAcquire("caller-" + caller, TTL, WAIT).orElseThrow()) {
      return lease.isValid() ? 1 : 0;
    }
  }

  private int useRedisson(int caller) throws InterruptedException {
    RLock lock = redisson.getLock("caller-" + caller);
    if (!lock.tryLock(0, TTL.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the lock of caller %d is taken".formatted(caller));
    }
    lock.unlock();
    return 1;
  }

  @Override
  public void close() {
    redisson.shutdown();
    nodes.close();
    servers.forEach(EmbeddedRedis::close);
    connections.close();
    database.close();
  }

  private interface Use {
    int by(int caller) throws Exception;
  }

  private record Locking(String what, Use use) implements Load {
    @Override
    public Slice run(Duration time, double perSecond) throws Exception {
      return Measurement.run(CALLERS, time, perSecond, (caller, n) -> use.by(caller));
    }

    /** The servers' processor time is not attributed. */
    @Override
    public ProcessTime processes() {
      return ProcessTime.UNKNOWN;
    }
  }
}

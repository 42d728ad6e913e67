package io.kontor.lock.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLostException;
import io.kontor.lock.LockUnavailableException;
import io.kontor.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostgresLeaseLockTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration WAIT = Duration.ofMinutes(1);

  private static TestDatabase database;

  private final PostgresLeaseLock lock = new PostgresLeaseLock(database.worker());
  private final JdbcClient sql = JdbcClient.create(database.worker());

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @BeforeEach
  void releaseAll() {
    sql.sql("update kontor.lease set expires_at = '-infinity'").update();
  }

  @Test
  void aResourceHasOneHolderUntilItIsReleased() throws Exception {
    Lease first = acquired("nightly");
    assertThat(lock.tryAcquire("nightly", LONG, NO_WAIT)).isEmpty();
    assertThat(lock.tryAcquire("nightly", LONG, Duration.ofMillis(100))).isEmpty();
    acquired("other").close();
    assertThat(first.release()).isTrue();
    acquired("nightly").close();
  }

  @Test
  void oneOfManyContendersGetsAResourceThatWasNeverHeld() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> contend = () -> lock.tryAcquire("new", LONG, NO_WAIT).isPresent();
      long holders = 0;
      for (var acquired : threads.invokeAll(java.util.Collections.nCopies(20, contend))) {
        holders += acquired.get() ? 1 : 0;
      }
      assertThat(holders).isOne();
    }
  }

  @Test
  void aWaitingContenderGetsWhatIsReleased() throws Exception {
    Lease first = acquired("nightly");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var second = threads.submit(() -> lock.tryAcquire("nightly", LONG, WAIT).orElseThrow());
      first.close();
      assertThat(number(second.get())).isGreaterThan(number(first));
    }
  }

  @Test
  void fencingNumbersGrowAfterReleaseExpiryAndLossOfTheRow() {
    long released = number(acquiredAndReleased());
    long expired = number(acquired("nightly"));
    expire("nightly");
    long afterExpiry = number(acquired("nightly"));
    sql.sql("delete from kontor.lease").update();
    long afterLoss = number(acquired("nightly"));
    assertThat(List.of(released, expired, afterExpiry, afterLoss))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aFormerHolderNeitherExtendsNorReleasesItsSuccessorsLease() {
    Lease former = acquired("nightly");
    expire("nightly");
    Lease successor = acquired("nightly");
    var lost = former.lost().toCompletableFuture();
    assertThat(former.isValid()).as("it has not noticed yet").isTrue();
    assertThat(former.extend()).isFalse();
    assertThat(lost).isDone();
    assertThat(former.isValid()).isFalse();
    assertThat(former.release()).isFalse();
    assertThat(successor.extend()).isTrue();
  }

  @Test
  void aLeaseThatHasExpiredIsNotExtended() {
    Lease lease = acquired("nightly");
    expire("nightly");
    assertThat(lease.extend()).isFalse();
  }

  @Test
  void anExtensionLastsForTheTtlFromThenOn() {
    Lease lease = acquired("nightly");
    sql.sql("update kontor.lease set expires_at = clock_timestamp() + interval '1 minute'")
        .update();
    assertThat(lease.extend()).isTrue();
    assertThat(
            sql.sql(
                    "select expires_at > clock_timestamp() + interval '9 minutes' from kontor.lease"
                        + " where resource = 'nightly'")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void aHolderWritesAndAFormerHolderIsRefused() throws Exception {
    Lease former = acquired("nightly");
    try (Connection writer = transaction()) {
      Fence.check(writer, List.of(former));
      writer.commit();
      expire("nightly");
      assertThatThrownBy(() -> Fence.check(writer, List.of(former)))
          .as("expired, and no other has it")
          .isInstanceOf(LeaseLostException.class);
      writer.rollback();
      Lease successor = acquired("nightly");
      Fence.check(writer, List.of(successor));
      writer.commit();
      assertThatThrownBy(() -> Fence.check(writer, List.of(successor, former)))
          .isInstanceOf(LeaseLostException.class)
          .hasMessageContaining("lease on nightly with number %d is over", number(former));
    }
  }

  @Test
  void whileAFencedTransactionIsOpenItsHolderExtendsAndNoOtherAcquires() throws Exception {
    Lease holder = acquired("nightly");
    try (Connection writer = transaction()) {
      Fence.check(writer, List.of(holder));
      assertThat(holder.extend()).isTrue();
      expire("nightly");
      assertThat(lock.tryAcquire("nightly", LONG, NO_WAIT)).isEmpty();
      writer.commit();
      assertThat(lock.tryAcquire("nightly", LONG, NO_WAIT)).isPresent();
    }
  }

  @Test
  void aLeaseWithoutAFencingNumberProtectsNothing() throws Exception {
    Lease unfenced = new Lease("nightly", "t", OptionalLong.empty(), LONG, System.nanoTime(), lock);
    try (Connection writer = transaction()) {
      assertThatThrownBy(() -> Fence.check(writer, List.of(unfenced)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no fencing number");
    }
  }

  @Test
  void requestsMayNeitherReadNorTakeLeases() {
    assertThatThrownBy(
            () -> new PostgresLeaseLock(database.app()).tryAcquire("nightly", LONG, NO_WAIT))
        .isInstanceOf(LockUnavailableException.class)
        .hasMessageContaining("permission denied");
  }

  private Lease acquired(String resource) {
    try {
      return lock.tryAcquire(resource, LONG, NO_WAIT).orElseThrow();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Lease acquiredAndReleased() {
    Lease lease = acquired("nightly");
    lease.close();
    return lease;
  }

  /** What the passing of its TTL does. */
  private void expire(String resource) {
    sql.sql("update kontor.lease set expires_at = clock_timestamp() where resource = ?")
        .param(resource)
        .update();
  }

  private static Connection transaction() throws SQLException {
    Connection connection = database.worker().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static long number(Lease lease) {
    return lease.fencingNumber().orElseThrow();
  }
}

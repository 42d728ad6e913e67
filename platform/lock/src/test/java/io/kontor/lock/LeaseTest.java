package io.kontor.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a holder can rely on, whatever servers keep the leases. */
@Tag("fast")
class LeaseTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private final AtomicInteger extensions = new AtomicInteger();
  private final AtomicInteger releases = new AtomicInteger();

  @Test
  void aLeaseIsExtendedAtAThirdOfItsTtlUntilItIsReleased() {
    Lease lease = lease(SHORT, () -> true);
    var lost = lease.keepAlive().toCompletableFuture();
    await().atMost(AT_MOST).until(() -> extensions.get() >= 3 || lost.isDone());
    lease.close();
    assertThat(lease.isValid()).isFalse();
    assertThat(releases).hasValue(1);
    lease.close();
    assertThat(releases).hasValue(1);
  }

  @Test
  void theHolderLearnsThatAnExtensionWasRefused() {
    Lease lease = lease(SHORT, () -> false);
    var lost = lease.keepAlive().toCompletableFuture();
    await().atMost(AT_MOST).until(lost::isDone);
    assertThat(lease.isValid()).isFalse();
    assertThat(lease.extend()).as("lost for good").isFalse();
  }

  @Test
  void theHolderLearnsOfTheEndWhileTheServerIsSilent() throws Exception {
    var silence = new CountDownLatch(1);
    Lease lease =
        lease(
            SHORT,
            () -> {
              silence.await();
              return true;
            });
    var lost = lease.keepAlive().toCompletableFuture();
    await().atMost(AT_MOST).until(lost::isDone);
    assertThat(silence.getCount()).as("the server still is").isOne();
    silence.countDown();
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void anExtensionThatFailsIsTriedAgainWhileTheLeaseLasts() {
    Lease lease =
        lease(
            Duration.ofSeconds(3),
            () -> {
              if (extensions.get() == 1) {
                throw new LockUnavailableException("nightly", new IllegalStateException("reset"));
              }
              return true;
            });
    var lost = lease.keepAlive().toCompletableFuture();
    await().atMost(AT_MOST).until(() -> extensions.get() >= 2);
    assertThat(lost).isNotDone();
    lease.close();
  }

  @Test
  void theTimeOfTheRequestAndTheDriftOfClocksAreTakenOff() {
    long requested = System.nanoTime() - Duration.ofMinutes(2).toNanos();
    Lease lease =
        new Lease("nightly", "t", OptionalLong.of(1), LONG, requested, operations(() -> true));
    assertThat(lease.validity()).isLessThan(Duration.ofMinutes(8).minus(LONG.dividedBy(100)));
    assertThat(lease.isValid()).isTrue();
  }

  @Test
  void workHasTheLeaseForAsLongAsItTakes() throws Exception {
    LeaseLock lock = (resource, ttl, wait) -> Optional.of(lease(LONG, () -> true));
    String result = lock.withLock("nightly", LONG, Duration.ZERO, held -> "with " + held.token());
    assertThat(result).isEqualTo("with t");
    assertThat(releases).hasValue(1);
    assertThatThrownBy(
            () ->
                lock.withLock(
                    "nightly",
                    LONG,
                    Duration.ZERO,
                    held -> {
                      throw new IllegalStateException("the work fails");
                    }))
        .hasMessage("the work fails");
    assertThat(releases).hasValue(2);
  }

  @Test
  void workWithoutALeaseIsRefused() {
    LeaseLock taken = (resource, ttl, wait) -> Optional.empty();
    assertThatThrownBy(() -> taken.withLock("nightly", LONG, Duration.ofMillis(5), held -> ""))
        .isInstanceOf(LockNotAvailableException.class)
        .hasMessage("nightly is held by another process, after 5 ms");
  }

  @Test
  void attemptsGoOnForTheWaitAndEndWithASuccess() throws Exception {
    var attempts = new AtomicInteger();
    AcquisitionRetry.Attempt third =
        left ->
            attempts.incrementAndGet() < 3
                ? Optional.empty()
                : Optional.of(lease(LONG, () -> true));
    assertThat(AcquisitionRetry.within(AT_MOST, "nightly", LONG, third)).isPresent();
    assertThat(attempts).hasValue(3);

    AcquisitionRetry.Attempt never =
        left -> {
          attempts.incrementAndGet();
          return Optional.empty();
        };
    attempts.set(0);
    assertThat(AcquisitionRetry.within(Duration.ofSeconds(1), "nightly", LONG, never)).isEmpty();
    assertThat(attempts.get()).as("pauses double").isBetween(2, 14);
    attempts.set(0);
    assertThat(AcquisitionRetry.within(Duration.ZERO, "nightly", LONG, never)).isEmpty();
    assertThat(attempts).hasValue(1);
  }

  @Test
  void serversThatAreSilentForTheWholeWaitAreNoRefusal() throws Exception {
    AcquisitionRetry.Attempt silent =
        left -> {
          if (extensions.incrementAndGet() < 3) {
            throw new LockUnavailableException("nightly", new IllegalStateException("silent"));
          }
          return Optional.of(lease(LONG, () -> true));
        };
    assertThat(AcquisitionRetry.within(AT_MOST, "nightly", LONG, silent)).isPresent();
    extensions.set(0);
    assertThatThrownBy(() -> AcquisitionRetry.within(Duration.ZERO, "nightly", LONG, silent))
        .isInstanceOf(LockUnavailableException.class)
        .hasMessageContaining("silent");
  }

  @Test
  void whatIsOutOfBoundsIsRefused() {
    assertRefused("", LONG, Duration.ZERO, "a resource's name has 1 to 200 characters");
    assertRefused("n".repeat(201), LONG, Duration.ZERO, "1 to 200 characters");
    assertRefused("n", Duration.ofMillis(99), Duration.ZERO, "between PT0.1S and PT1H");
    assertRefused("n", Duration.ofHours(2), Duration.ZERO, "between PT0.1S and PT1H");
    assertRefused("n", LONG, Duration.ofMillis(-1), "not negative");
  }

  private static void assertRefused(String resource, Duration ttl, Duration wait, String why) {
    assertThatThrownBy(() -> AcquisitionRetry.within(wait, resource, ttl, left -> Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private Lease lease(Duration ttl, Answer answer) {
    return new Lease(
        "nightly", "t", OptionalLong.of(1), ttl, System.nanoTime(), operations(answer));
  }

  private LeaseOperations operations(Answer answer) {
    return new LeaseOperations() {
      @Override
      public boolean extend(String resource, String token, Duration ttl) {
        extensions.incrementAndGet();
        try {
          return answer.extended();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public boolean release(String resource, String token) {
        releases.incrementAndGet();
        return true;
      }
    };
  }

  private interface Answer {
    boolean extended() throws InterruptedException;
  }
}

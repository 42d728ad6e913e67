package io.kontor.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.github.resilience4j.core.IntervalFunction;
import io.kontor.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class RetriedTaskTest {
  private static final TaskDescriptor<String> NAME = TaskDescriptor.of("a-task", String.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String PASSED = NOON.minusSeconds(1).toString();
  private static final String NOT_PASSED = NOON.plusSeconds(1).toString();

  private final TestDatabase database = TestDatabase.create();
  private final AtomicInteger attempts = new AtomicInteger();
  private final Queue<String> givenUp = new ConcurrentLinkedQueue<>();
  private volatile int failingAttempts = Integer.MAX_VALUE;
  private final AtomicInteger failingToGiveUp = new AtomicInteger();
  private volatile Throwable failure = new RetryLaterException("no response");
  private @Nullable Scheduler scheduler;

  @AfterEach
  void stop() {
    if (scheduler != null) {
      scheduler.stop();
    }
    database.close();
  }

  @Nested
  class BeforeItsDeadline {
    @Test
    void isRetriedUntilItSucceeds() {
      failingAttempts = 3;
      run(NOT_PASSED);
      await().atMost(LIMIT).until(() -> scheduled() == 0);
      assertThat(attempts).hasValue(4);
      assertThat(givenUp).isEmpty();
    }
  }

  @Nested
  class PastItsDeadline {
    static Stream<Throwable> failures() {
      return Stream.of(
          new RetryLaterException("no response"),
          new IllegalArgumentException("reason: must not be blank"),
          new NullPointerException(),
          new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isGivenUpAfterAnyFailure(Throwable thrown) {
      failure = thrown;
      run(PASSED);
      await().atMost(LIMIT).until(() -> scheduled() == 0);
      assertThat(attempts).hasValue(1);
      assertThat(givenUp).singleElement().asString().isNotBlank();
    }

    @Test
    void isGivenUpWithTheReasonOfTheRetry() {
      run(PASSED);
      await().atMost(LIMIT).untilAsserted(() -> assertThat(givenUp).containsExactly("no response"));
    }

    @Test
    void isAttemptedOnceMoreBeforeItIsGivenUp() {
      failingAttempts = 0;
      run(PASSED);
      await().atMost(LIMIT).until(() -> scheduled() == 0);
      assertThat(givenUp).isEmpty();
    }

    @Test
    void isRetriedWhenGivingUpFails() {
      failingToGiveUp.set(2);
      run(PASSED);
      await().atMost(LIMIT).until(() -> scheduled() == 0);
      assertThat(attempts).hasValue(3);
      assertThat(givenUp).hasSize(1);
    }
  }

  @Nested
  class WithoutAReadableDeadline {
    @Test
    void isGivenUpAfterTheGreatestNumberOfFailures() {
      run("not a date");
      await().atMost(LIMIT).until(() -> attempts.get() >= 2);
      assertThat(givenUp).isEmpty();
      JdbcClient.create(database.worker())
          .sql("update kontor.scheduled_tasks set consecutive_failures = ?")
          .param(RetriedTask.MAX_FAILURES)
          .update();
      await().atMost(LIMIT).until(() -> scheduled() == 0);
      assertThat(givenUp).hasSize(1);
    }
  }

  private void run(String deadline) {
    var task =
        RetriedTask.of(
            NAME,
            IntervalFunction.ofExponentialBackoff(Duration.ofMillis(50), 2, Duration.ofMillis(50)),
            InstantSource.fixed(NOON),
            new RecordedAttempts());
    scheduler =
        Scheduler.create(database.worker(), List.of(task))
            .tableName(JobSchedulerLifecycle.TABLE)
            .pollingInterval(Duration.ofMillis(50))
            .build();
    scheduler.schedule(NAME.instance("1").data(deadline).build(), Instant.now());
    scheduler.start();
  }

  private int scheduled() {
    return JdbcClient.create(database.worker())
        .sql("select count(*) from kontor.scheduled_tasks")
        .query(Integer.class)
        .single();
  }

  private final class RecordedAttempts implements RetriedTask.Attempts {
    @Override
    public void run(String instance, String data) {
      if (attempts.incrementAndGet() <= failingAttempts) {
        switch (failure) {
          case RuntimeException exception -> throw exception;
          case Error error -> throw error;
          default -> throw new IllegalStateException(failure);
        }
      }
    }

    @Override
    public Instant deadline(String data) {
      return Instant.parse(data);
    }

    @Override
    public void giveUp(String instance, String data, String reason) {
      if (failingToGiveUp.getAndDecrement() > 0) {
        throw new RetryLaterException("it can't be recorded");
      }
      givenUp.add(reason);
    }
  }
}

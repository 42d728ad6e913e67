package io.kontor.sagas.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.kontor.postgres.TestDatabase;
import io.kontor.resilience.ExponentialBackoff;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class RetriedTaskTest {
  private static final TaskDescriptor<String> NAME = TaskDescriptor.of("a-task", String.class);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String OVER = NOON.minusSeconds(1).toString();
  private static final String NOT_OVER = NOON.plusSeconds(1).toString();

  private final TestDatabase database = TestDatabase.create();
  private final AtomicInteger tries = new AtomicInteger();
  private final Queue<String> givenUp = new ConcurrentLinkedQueue<>();
  private volatile int failures = Integer.MAX_VALUE;
  private final AtomicInteger deafness = new AtomicInteger();
  private volatile Throwable meets = new RetryLaterException("this", "nobody answers");
  private @Nullable Scheduler scheduler;

  @AfterEach
  void stop() {
    if (scheduler != null) {
      scheduler.stop();
    }
    database.close();
  }

  static Stream<Throwable> whatATaskMeets() {
    return Stream.of(
        new RetryLaterException("this", "nobody answers"),
        new IllegalArgumentException("reason: must not be blank"),
        new NullPointerException(),
        new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource("whatATaskMeets")
  void pastItsDeadlineItIsGivenUpWhateverItMeets(Throwable met) {
    meets = met;
    run(OVER);
    await().atMost(SOON).until(() -> scheduled() == 0);
    assertThat(tries).hasValue(1);
    assertThat(givenUp).singleElement().asString().isNotBlank();
  }

  @Test
  void aPersonReadsWhatIsMissing() {
    run(OVER);
    await().atMost(SOON).untilAsserted(() -> assertThat(givenUp).containsExactly("nobody answers"));
  }

  @Test
  void beforeItsDeadlineItIsTriedAgain() {
    failures = 3;
    run(NOT_OVER);
    await().atMost(SOON).until(() -> scheduled() == 0);
    assertThat(tries).hasValue(4);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void pastItsDeadlineItIsStillTriedFirst() {
    failures = 0;
    run(OVER);
    await().atMost(SOON).until(() -> scheduled() == 0);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void givingUpIsTriedAgainToo() {
    deafness.set(2);
    run(OVER);
    await().atMost(SOON).until(() -> scheduled() == 0);
    assertThat(tries).hasValue(3);
    assertThat(givenUp).hasSize(1);
  }

  @Test
  void withoutADeadlineThatCanBeReadItIsGivenUpAfterManyFailures() {
    run("not a date");
    await().atMost(SOON).until(() -> tries.get() >= 2);
    assertThat(givenUp).isEmpty();
    JdbcClient.create(database.worker())
        .sql("update kontor.scheduled_tasks set consecutive_failures = ?")
        .param(RetriedTask.MOST_FAILURES)
        .update();
    await().atMost(SOON).until(() -> scheduled() == 0);
    assertThat(givenUp).hasSize(1);
  }

  private void run(String deadline) {
    var task =
        RetriedTask.of(
            NAME,
            new ExponentialBackoff(Duration.ofMillis(50), Duration.ofMillis(50)),
            InstantSource.fixed(NOON),
            new Attempted());
    scheduler =
        Scheduler.create(database.worker(), List.of(task))
            .tableName("kontor.scheduled_tasks")
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

  private final class Attempted implements RetriedTask.Attempts {
    @Override
    public void run(String instance, String data) {
      if (tries.incrementAndGet() <= failures) {
        switch (meets) {
          case RuntimeException exception -> throw exception;
          case Error error -> throw error;
          default -> throw new IllegalStateException(meets);
        }
      }
    }

    @Override
    public Instant deadline(String data) {
      return Instant.parse(data);
    }

    @Override
    public void giveUp(String instance, String data, String why) {
      if (deafness.getAndDecrement() > 0) {
        throw new RetryLaterException(instance, "nobody listens");
      }
      givenUp.add(why);
    }
  }
}

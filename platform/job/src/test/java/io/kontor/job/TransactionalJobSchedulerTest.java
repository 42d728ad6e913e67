package io.kontor.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.kontor.postgres.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionalJobSchedulerTest {
  private static final TaskInstance<Void> TASK = TaskDescriptor.of("a-task").instance("1").build();
  private static final TaskInstance<Void> OTHER = TaskDescriptor.of("a-task").instance("2").build();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final TestDatabase database = TestDatabase.create();
  private final DataSource worker = database.worker();
  private final AtomicInteger polls = new AtomicInteger();
  private final TransactionalJobScheduler jobs =
      new TransactionalJobScheduler(worker, polls::incrementAndGet);

  @AfterEach
  void drop() {
    database.close();
  }

  @Nested
  class Schedule {
    @Test
    void leavesAnExistingTaskUnchanged() {
      jobs.schedule(TASK, NOON);
      jobs.schedule(TASK, NOON.plusSeconds(1));
      assertThat(scheduled()).containsExactly(NOON);
    }

    @Test
    void isRolledBackWithTheTransaction() {
      var transaction = new TransactionTemplate(new JdbcTransactionManager(worker));
      assertThatThrownBy(
              () ->
                  transaction.executeWithoutResult(
                      status -> {
                        jobs.schedule(TASK, NOON);
                        throw new IllegalStateException("the batch fails");
                      }))
          .hasMessage("the batch fails");
      assertThat(scheduled()).isEmpty();
    }
  }

  @Nested
  class ScheduleNow {
    @Test
    void pollsAfterTheCommitAndNotBefore() {
      var batch = DefaultUnitOfWork.startAndGet(new GenericMessage<>("an event"));
      jobs.scheduleNow(TASK, NOON);
      assertThat(polls).hasValue(0);
      batch.commit();
      assertThat(polls).hasValue(1);
    }
  }

  @Nested
  class Cancel {
    @Test
    void removesTheTask() {
      jobs.schedule(TASK, NOON);
      jobs.cancel(TASK);
      assertThat(scheduled()).isEmpty();
    }

    @Test
    void ofATaskThatDoesNotExistChangesNothing() {
      jobs.cancel(TASK);
      assertThat(scheduled()).isEmpty();
    }

    @Test
    void ofARunningTaskChangesNothing() {
      jobs.schedule(TASK, NOON);
      JdbcClient.create(worker).sql("update kontor.scheduled_tasks set picked = true").update();
      jobs.cancel(TASK);
      assertThat(scheduled()).containsExactly(NOON);
    }
  }

  @Nested
  class Batch {
    private final DefaultUnitOfWork<?> batch =
        DefaultUnitOfWork.startAndGet(new GenericMessage<>("events"));

    @Test
    void isWrittenWithItsCommit() {
      jobs.schedule(TASK, NOON);
      jobs.schedule(OTHER, NOON.plusSeconds(1));
      assertThat(scheduled()).isEmpty();
      batch.commit();
      assertThat(scheduled()).containsExactlyInAnyOrder(NOON, NOON.plusSeconds(1));
    }

    @Test
    void schedulesNothingThatIsCancelledLater() {
      jobs.schedule(TASK, NOON);
      jobs.cancel(TASK);
      batch.commit();
      assertThat(scheduled()).isEmpty();
    }

    @Test
    void schedulesAgainWhatWasCancelled() {
      jobs.cancel(TASK);
      jobs.schedule(TASK, NOON);
      jobs.schedule(TASK, NOON.plusSeconds(1));
      batch.commit();
      assertThat(scheduled()).containsExactly(NOON);
    }

    @Test
    void isDiscardedWithARollback() {
      jobs.schedule(TASK, NOON);
      batch.rollback();
      assertThat(scheduled()).isEmpty();
    }
  }

  @Test
  void whatATaskCarriesIsNotVisibleToTheLoginOfRequests() {
    jobs.schedule(TASK, NOON);
    assertThatThrownBy(
            () ->
                JdbcClient.create(database.app())
                    .sql("select task_data from kontor.scheduled_tasks")
                    .query(Integer.class)
                    .single())
        .hasStackTraceContaining("permission denied");
  }

  /** The times of the scheduled tasks. */
  private List<Instant> scheduled() {
    return JdbcClient.create(worker)
        .sql("select execution_time from kontor.scheduled_tasks")
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .list();
  }
}

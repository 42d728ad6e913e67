package io.kontor.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Schedules jobs in the transaction that stores the event processor's token, so that none is lost
 * or scheduled twice.
 */
public final class TransactionalJobScheduler {
  private final SchedulerClient scheduler;
  private final Runnable poll;

  /**
   * @param worker where the tasks are stored, with the worker's login
   * @param poll makes the scheduler poll for due jobs
   */
  public TransactionalJobScheduler(DataSource worker, Runnable poll) {
    this.scheduler =
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(worker))
            .tableName(JobSchedulerLifecycle.TABLE)
            .build();
    this.poll = poll;
  }

  /** Schedules a task; an instance that exists already is left unchanged. */
  public <T> void schedule(TaskInstance<T> task, Instant when) {
    scheduler.scheduleIfNotExists(task, when);
  }

  /**
   * Schedules a task to run right after the commit.
   *
   * @param now the time from which it is due
   */
  public <T> void scheduleNow(TaskInstance<T> task, Instant now) {
    schedule(task, now);
    CurrentUnitOfWork.ifStarted(unit -> unit.root().afterCommit(done -> poll.run()));
  }

  /** Cancels a task; does nothing if it does not exist or is running. */
  public void cancel(TaskInstanceId task) {
    try {
      scheduler.cancel(task);
    } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException tooLate) {
      return;
    }
  }
}

package io.kontor.sagas.schedule;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * Writes down what is to be done when, in the transaction in which an event processor's progress
 * is: nothing is forgotten or written twice.
 */
public final class TransactionalJobScheduler {
  private final SchedulerClient schedule;
  private final Runnable lookAtOnce;

  /**
   * @param lookAtOnce makes the schedule look for what is due
   */
  public TransactionalJobScheduler(SchedulerClient schedule, Runnable lookAtOnce) {
    this.schedule = schedule;
    this.lookAtOnce = lookAtOnce;
  }

  /** Has it done at that time; what stands there already stays as it is. */
  public <T> void put(TaskInstance<T> task, Instant when) {
    schedule.scheduleIfNotExists(task, when);
  }

  /** Has it done as soon as the transaction has committed. */
  public <T> void putFirst(TaskInstance<T> task, Instant now) {
    put(task, now);
    CurrentUnitOfWork.ifStarted(unit -> unit.root().afterCommit(done -> lookAtOnce.run()));
  }

  /** Strikes it off. What is not there, or is being done at this moment, is left alone. */
  public void remove(TaskInstanceId task) {
    try {
      schedule.cancel(task);
    } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException tooLate) {
      return;
    }
  }
}

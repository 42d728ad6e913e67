package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Schedules jobs in the transaction that stores the event processor's token, so that none is lost
 * or scheduled twice. What a batch of events schedules and cancels is written together, right
 * before the commit.
 */
public final class TransactionalJobScheduler {
  private static final String BATCH = TransactionalJobScheduler.class.getName();

  private final ScheduledTaskTable tasks;
  private final Runnable poll;

  /**
   * @param worker where the tasks are stored, with the worker's login
   * @param poll makes the scheduler poll for due jobs
   */
  public TransactionalJobScheduler(DataSource worker, Runnable poll) {
    this.tasks = new ScheduledTaskTable(worker);
    this.poll = poll;
  }

  /** Schedules a task; an instance that exists already is left unchanged. */
  public <T> void schedule(TaskInstance<T> task, Instant when) {
    change(new TaskChange.Schedule(task, when));
  }

  /**
   * Schedules a task to run right after the commit.
   *
   * @param now the time from which it is due
   */
  public <T> void scheduleNow(TaskInstance<T> task, Instant now) {
    schedule(task, now);
    CurrentUnitOfWork.ifStarted(unit -> batch(unit).pollAfterCommit());
  }

  /** Cancels a task; does nothing if it does not exist or is running. */
  public void cancel(TaskInstanceId task) {
    change(new TaskChange.Cancel(task));
  }

  private void change(TaskChange change) {
    if (CurrentUnitOfWork.isStarted()) {
      batch(CurrentUnitOfWork.get()).add(change);
    } else {
      tasks.write(List.of(change));
    }
  }

  private Batch batch(UnitOfWork<?> unit) {
    return unit.root().getOrComputeResource(BATCH, first -> new Batch(unit.root()));
  }

  /** The changes of a unit of work. */
  private final class Batch {
    private final TaskChanges changes = new TaskChanges();
    private boolean isDue;

    Batch(UnitOfWork<?> unit) {
      unit.onPrepareCommit(done -> tasks.write(changes.last()));
      unit.afterCommit(
          done -> {
            if (isDue) {
              poll.run();
            }
          });
    }

    void add(TaskChange change) {
      changes.add(change);
    }

    void pollAfterCommit() {
      isDue = true;
    }
  }
}

package io.kontor.sagas;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.SmartLifecycle;

/** The schedule runs while the application does, and lets running tasks end before it stops. */
final class Schedule implements SmartLifecycle {
  static final String TABLE = "kontor.scheduled_tasks";
  private static final int THREADS = 4;
  private static final Duration POLLED_EVERY = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private volatile boolean running;

  Schedule(DataSource worker, List<Task<?>> tasks, List<RecurringTask<?>> recurring) {
    scheduler =
        new SchedulerBuilder(worker, tasks)
            .startTasks(recurring)
            .tableName(TABLE)
            .threads(THREADS)
            .pollingInterval(POLLED_EVERY)
            .shutdownMaxWait(STOP_LIMIT)
            .build();
  }

  @Override
  public void start() {
    scheduler.start();
    running = true;
  }

  @Override
  public void stop() {
    scheduler.stop();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}

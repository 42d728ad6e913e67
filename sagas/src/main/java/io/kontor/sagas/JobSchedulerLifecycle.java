package io.kontor.sagas;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.ExecutionInterceptor;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The schedule runs while the application does, and lets running tasks end before it stops. */
public final class JobSchedulerLifecycle implements SmartLifecycle {
  static final String TABLE = "kontor.scheduled_tasks";

  /** Most of them wait for somebody outside. */
  private static final int AT_ONCE = 32;

  private static final Duration POLLED_EVERY = Duration.ofSeconds(1);

  /** What a node that was killed had begun is begun anew by another after the missed ones. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private static final int MISSED_BY_THE_DEAD = 4;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private volatile boolean running;
  private volatile long aliveAt = System.nanoTime();

  JobSchedulerLifecycle(
      DataSource worker,
      List<Task<?>> tasks,
      List<RecurringTask<?>> recurring,
      List<? extends ExecutionInterceptor> around) {
    var settings = new SchedulerBuilder(new TransactionAwareDataSourceProxy(worker), tasks);
    around.forEach(settings::addExecutionInterceptor);
    scheduler =
        settings
            .startTasks(recurring)
            .tableName(TABLE)
            .threads(AT_ONCE)
            .executorService(Executors.newVirtualThreadPerTaskExecutor())
            .pollingInterval(POLLED_EVERY)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_BY_THE_DEAD)
            .shutdownMaxWait(STOP_LIMIT)
            .failureLogging(LogLevel.WARN, false)
            .addSchedulerListener(new SignsOfLife())
            .build();
  }

  /** For setting dates, within the caller's transaction where there is one. */
  Scheduler scheduler() {
    return scheduler;
  }

  /** Looks at once for what is due. */
  void lookAtOnce() {
    scheduler.triggerCheckForDueExecutions();
  }

  /**
   * How long ago it last looked for what is due, or tried to: some seconds at most while it lives,
   * also when the database is away.
   */
  public Duration sinceSignOfLife() {
    return Duration.ofNanos(System.nanoTime() - aliveAt);
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

  private final class SignsOfLife extends AbstractSchedulerListener {
    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
      if (type == SchedulerEventType.RAN_EXECUTE_DUE
          || type == SchedulerEventType.UNEXPECTED_ERROR) {
        aliveAt = System.nanoTime();
      }
    }
  }
}

package io.kontor.job;

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

/** Starts db-scheduler with the application; on stop, waits for running tasks to end. */
public final class JobSchedulerLifecycle implements SmartLifecycle {
  /** The table of scheduled tasks. */
  public static final String TABLE = "scheduled_tasks";

  /** Due tasks are fetched when so few are left, in parts of the number of threads. */
  private static final double FETCH_BELOW = 0.5;

  private static final double FETCH_UP_TO = 1.0;

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /**
   * After {@link #MISSED_HEARTBEATS} missed heartbeats another node restarts a dead node's tasks.
   */
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private volatile boolean running;
  private volatile long lastPollAt = System.nanoTime();

  /**
   * @param worker where the tasks are stored, with the worker's login
   * @param tasks run at the time that they were scheduled for
   * @param recurring scheduled by themselves
   * @param threads tasks that run at the same time at most
   */
  public JobSchedulerLifecycle(
      DataSource worker,
      List<Task<?>> tasks,
      List<RecurringTask<?>> recurring,
      int threads,
      List<? extends ExecutionInterceptor> interceptors) {
    scheduler =
        settings(new TransactionAwareDataSourceProxy(worker), TABLE, tasks, threads, interceptors)
            .startTasks(recurring)
            .shutdownMaxWait(STOP_LIMIT)
            .failureLogging(LogLevel.OFF, false)
            .addSchedulerListener(new SignsOfLife())
            .addSchedulerListener(new TaskFailureLog())
            .build();
  }

  /**
   * What all schedulers have in common: how they fetch, and when a node counts as dead.
   *
   * @param threads tasks that run at the same time at most
   */
  public static SchedulerBuilder settings(
      DataSource dataSource,
      String table,
      List<Task<?>> tasks,
      int threads,
      List<? extends ExecutionInterceptor> interceptors) {
    var settings = new SchedulerBuilder(dataSource, tasks);
    interceptors.forEach(settings::addExecutionInterceptor);
    return settings
        .tableName(table)
        .threads(threads)
        .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
        .executorService(Executors.newVirtualThreadPerTaskExecutor())
        .pollingInterval(POLL_INTERVAL)
        .heartbeatInterval(HEARTBEAT)
        .missedHeartbeatsLimit(MISSED_HEARTBEATS);
  }

  /**
   * From a dead node's last heartbeat until another node fetches its tasks, as long as the database
   * answers and a thread is free: db-scheduler looks for dead nodes at each second heartbeat.
   */
  static Duration longestTakeover() {
    return HEARTBEAT
        .multipliedBy(MISSED_HEARTBEATS)
        .plus(HEARTBEAT.multipliedBy(2))
        .plus(POLL_INTERVAL);
  }

  /** For scheduling tasks, within the caller's transaction if there is one. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Polls for due tasks now. */
  public void pollNow() {
    scheduler.triggerCheckForDueExecutions();
  }

  /**
   * Time since the last poll or attempted poll: a few seconds at most while the scheduler is alive,
   * even when the database is unavailable.
   */
  public Duration sinceSignOfLife() {
    return Duration.ofNanos(System.nanoTime() - lastPollAt);
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
        lastPollAt = System.nanoTime();
      }
    }
  }
}

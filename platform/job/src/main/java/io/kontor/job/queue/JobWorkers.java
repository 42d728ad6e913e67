package io.kontor.job.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.ExecutionInterceptor;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.github.resilience4j.core.IntervalFunction;
import io.kontor.job.BackoffFailureHandler;
import io.kontor.job.JobSchedulerLifecycle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node's workers: db-scheduler on the admitted jobs, and the thread that admits. On stop, running
 * jobs get some seconds to end and are then handed back.
 */
public final class JobWorkers implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(JobWorkers.class);
  private static final String TABLE = "job_execution";
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** A type of a newer version is left to the nodes that know it, for as long as it takes. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private static final BackoffFailureHandler<Void> UNTIL_WRITTEN =
      new BackoffFailureHandler<>(
          IntervalFunction.ofExponentialBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30)));

  private final Scheduler scheduler;
  private final JobDispatcher dispatcher;
  private final Semaphore news = new Semaphore(0);
  private @Nullable Thread admitting;
  private volatile boolean running;

  /**
   * @param worker where the jobs are stored, with the worker's login
   */
  public JobWorkers(
      DataSource worker,
      List<? extends JobHandler<?>> handlers,
      JobQueueProperties properties,
      List<? extends ExecutionInterceptor> interceptors,
      JsonMapper json) {
    this(worker, handlers, properties, interceptors, json, dead -> {});
  }

  /**
   * The same.
   *
   * @param died receives a job that is dead, in the transaction that makes it so
   */
  public JobWorkers(
      DataSource worker,
      List<? extends JobHandler<?>> handlers,
      JobQueueProperties properties,
      List<? extends ExecutionInterceptor> interceptors,
      JsonMapper json,
      Consumer<DeadJob> died) {
    var store = new AttemptStore(worker, died);
    List<Task<?>> tasks =
        handlers.stream()
            .<Task<?>>map(handler -> task(new JobRunner<>(handler, store, json), handler))
            .toList();
    scheduler =
        JobSchedulerLifecycle.settings(worker, TABLE, tasks, properties.workers(), interceptors)
            .startTasks(List.of(EndedJobs.cleanup(worker, properties.kept())))
            .deleteUnresolvedAfter(NEVER)
            .shutdownMaxWait(properties.stopLimit())
            .failureLogging(LogLevel.WARN, false)
            .build();
    dispatcher =
        new JobDispatcher(
            worker, properties.workers(), handlers.stream().map(JobHandler::type).toList());
  }

  private Task<Void> task(JobRunner<?> runner, JobHandler<?> handler) {
    return Tasks.oneTime(handler.type().name())
        .onFailure(UNTIL_WRITTEN)
        .execute(
            (instance, context) -> {
              runner.run(instance.getId());
              wake();
            });
  }

  /** Looks for jobs to admit now. */
  public void wake() {
    news.release();
  }

  @Override
  public void start() {
    scheduler.start();
    running = true;
    admitting = Thread.ofPlatform().name("job-dispatcher").daemon().start(this::admit);
  }

  private void admit() {
    boolean isFailing = false;
    while (running) {
      try {
        if (dispatcher.admit() > 0) {
          scheduler.triggerCheckForDueExecutions();
        }
        isFailing = false;
        if (news.tryAcquire(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      } catch (InterruptedException stopped) {
        return;
      } catch (RuntimeException outage) {
        if (!isFailing) {
          LOG.warn("jobs can't be admitted; will be tried again reason={}", outage.toString());
        }
        isFailing = true;
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
    if (admitting != null) {
      admitting.interrupt();
    }
    scheduler.stop();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}

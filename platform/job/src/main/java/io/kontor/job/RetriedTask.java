package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.github.resilience4j.core.IntervalFunction;
import io.kontor.httpclient.ForeignText;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is retried until it succeeds or its deadline passes; then it is given up. The
 * deadline is checked after every failed attempt, whatever the exception. Only an interrupted
 * attempt never gives up.
 */
public final class RetriedTask {
  /** For data without a deadline: about an hour with pauses of at most 30 s. */
  static final int MAX_FAILURES = 120;

  private static final Logger LOG = LoggerFactory.getLogger(RetriedTask.class);

  private final TaskDescriptor<String> name;
  private final Attempts attempts;
  private final InstantSource clock;

  private RetriedTask(TaskDescriptor<String> name, Attempts attempts, InstantSource clock) {
    this.name = name;
    this.attempts = attempts;
    this.clock = clock;
  }

  /**
   * What a kind of task does. {@code instance} is the task instance id, {@code data} the task's
   * data.
   */
  public interface Attempts {
    /**
     * Executes one attempt.
     *
     * @throws RetryLaterException when the attempt has to be retried
     */
    void run(String instance, String data);

    /** When the task is given up; null in data of earlier versions. */
    @Nullable Instant deadline(String data);

    /**
     * Ends the task and makes that visible to an operator. If this fails, it is retried after
     * another attempt.
     *
     * @param reason one line for that operator
     */
    void giveUp(String instance, String data, String reason);
  }

  /** The db-scheduler task. */
  public static Task<String> of(
      TaskDescriptor<String> name,
      IntervalFunction backoff,
      InstantSource clock,
      Attempts attempts) {
    var task = new RetriedTask(name, attempts, clock);
    return Tasks.oneTime(name)
        .onFailure(new BackoffFailureHandler<>(backoff))
        .execute((instance, context) -> task.attempt(context.getExecution(), instance.getData()));
  }

  private void attempt(Execution execution, String data) {
    try {
      attempts.run(execution.getId(), data);
    } catch (Throwable failure) {
      if (Thread.currentThread().isInterrupted() || !isOver(execution, data)) {
        throw failure;
      }
      LOG.warn("task given up task={} instance={}", name.getTaskName(), execution.getId(), failure);
      attempts.giveUp(execution.getId(), data, reason(failure));
    }
  }

  private boolean isOver(Execution execution, String data) {
    Instant deadline = deadline(data);
    return deadline == null
        ? execution.consecutiveFailures >= MAX_FAILURES
        : !clock.instant().isBefore(deadline);
  }

  private @Nullable Instant deadline(String data) {
    try {
      return attempts.deadline(data);
    } catch (RuntimeException unreadable) {
      return null;
    }
  }

  private static String reason(Throwable failure) {
    return failure instanceof RetryLaterException retryLater
        ? retryLater.reason()
        : ForeignText.line("it failed: " + failure, "it failed");
  }
}

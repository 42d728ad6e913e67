package io.kontor.sagas.schedule;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.kontor.resilience.ExponentialBackoff;
import io.kontor.resilience.ForeignText;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is tried until it is done or until its deadline has passed: then it is given up. The
 * deadline is looked at on each attempt, whatever the attempt met, a fault of this bank's own code
 * included. Only an interruption decides nothing.
 */
public final class RetriedTask {
  /** For data without a deadline: about an hour at a longest pause of 30 s. */
  static final int MOST_FAILURES = 120;

  private static final Logger LOG = LoggerFactory.getLogger(RetriedTask.class);

  private final TaskDescriptor<String> name;
  private final Attempts attempts;
  private final InstantSource clock;

  private RetriedTask(TaskDescriptor<String> name, Attempts attempts, InstantSource clock) {
    this.name = name;
    this.attempts = attempts;
    this.clock = clock;
  }

  /** What a kind of task does. {@code instance} says for what, {@code data} is its own. */
  public interface Attempts {
    /**
     * Does it.
     *
     * @throws RetryLaterException when it is to be tried again
     */
    void run(String instance, String data);

    /** When it is given up. Earlier versions wrote data without one: null. */
    @Nullable Instant deadline(String data);

    /**
     * Ends it where a person sees it. Is tried again when it fails, after another attempt.
     *
     * @param why one line for that person
     */
    void giveUp(String instance, String data, String why);
  }

  /** The task as db-scheduler knows it. */
  public static Task<String> of(
      TaskDescriptor<String> name,
      ExponentialBackoff backoff,
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
    } catch (Throwable met) {
      if (Thread.currentThread().isInterrupted() || !isOver(execution, data)) {
        throw met;
      }
      LOG.warn("task given up task={} instance={}", name.getTaskName(), execution.getId(), met);
      attempts.giveUp(execution.getId(), data, why(met));
    }
  }

  private boolean isOver(Execution execution, String data) {
    Instant deadline = deadline(data);
    return deadline == null
        ? execution.consecutiveFailures >= MOST_FAILURES
        : !clock.instant().isBefore(deadline);
  }

  private @Nullable Instant deadline(String data) {
    try {
      return attempts.deadline(data);
    } catch (RuntimeException unreadable) {
      return null;
    }
  }

  private static String why(Throwable met) {
    return met instanceof RetryLaterException notYet
        ? notYet.why()
        : ForeignText.line("it fails here: " + met, "it fails here");
  }
}

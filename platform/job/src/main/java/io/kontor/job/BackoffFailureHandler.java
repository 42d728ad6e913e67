package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import io.github.resilience4j.core.IntervalFunction;

/** Retries a failed task with exponential backoff, without limit. */
public record BackoffFailureHandler<T>(IntervalFunction backoff) implements FailureHandler<T> {
  @Override
  public void onFailure(ExecutionComplete failed, ExecutionOperations<T> operations) {
    int failures = failed.getExecution().consecutiveFailures + 1;
    operations.reschedule(failed, failed.getTimeDone().plusMillis(backoff.apply(failures)));
  }
}

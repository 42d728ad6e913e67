package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import io.kontor.httpclient.ExponentialBackoff;

/** Retries a failed task with exponential backoff, without limit. */
public record BackoffFailureHandler<T>(ExponentialBackoff backoff) implements FailureHandler<T> {
  @Override
  public void onFailure(ExecutionComplete failed, ExecutionOperations<T> operations) {
    int failures = failed.getExecution().consecutiveFailures + 1;
    operations.reschedule(failed, failed.getTimeDone().plus(backoff.after(failures)));
  }
}

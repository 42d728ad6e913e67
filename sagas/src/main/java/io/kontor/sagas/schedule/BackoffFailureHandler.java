package io.kontor.sagas.schedule;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import io.kontor.resilience.ExponentialBackoff;

/** What failed is done again after a pause, for as long as it fails. */
public record BackoffFailureHandler<T>(ExponentialBackoff backoff) implements FailureHandler<T> {
  @Override
  public void onFailure(ExecutionComplete failed, ExecutionOperations<T> schedule) {
    int failures = failed.getExecution().consecutiveFailures + 1;
    schedule.reschedule(failed, failed.getTimeDone().plus(backoff.after(failures)));
  }
}

package io.kontor.job;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete.Result;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failed tasks. While another system is away its tasks are retried all the time, which is one
 * line when it begins and one when it ends; any other failure is a line each.
 */
final class TaskFailureLog extends AbstractSchedulerListener {
  private static final Logger LOG = LoggerFactory.getLogger(TaskFailureLog.class);

  private final Set<String> retrying = ConcurrentHashMap.newKeySet();

  @Override
  public void onExecutionComplete(ExecutionComplete execution) {
    String task = execution.getExecution().getTaskName();
    @Nullable Throwable cause = execution.getCause().orElse(null);
    if (execution.getResult() == Result.OK) {
      if (retrying.remove(task)) {
        LOG.info("task succeeds again task={}", task);
      }
    } else if (!(cause instanceof RetryLaterException)) {
      LOG.warn(
          "task failed task={} instance={} cause=\"{}\"",
          task,
          execution.getExecution().getId(),
          String.valueOf(cause));
    } else if (retrying.add(task)) {
      LOG.warn("task retried task={} cause=\"{}\"", task, cause.getMessage());
    }
  }
}

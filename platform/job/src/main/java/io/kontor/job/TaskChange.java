package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;

/** A change of the table of scheduled tasks. */
sealed interface TaskChange {
  TaskInstanceId task();

  /** Adds the task unless it exists. */
  record Schedule(TaskInstance<?> task, Instant when) implements TaskChange {}

  /** Removes the task unless it is running. */
  record Cancel(TaskInstanceId task) implements TaskChange {}
}

package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.Task;
import java.util.List;

/** What schedules tasks, and does them when they are due. */
public interface TaskProvider {
  /** The tasks that the scheduler has to run for it. */
  List<Task<?>> tasks();
}

package io.kontor.job;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes that are written together, cancellations first. For one task that comes to the same as
 * writing them one by one: of what was scheduled the first counts, and a cancellation undoes what
 * was scheduled before it.
 */
final class TaskChanges {
  private final Map<Key, TaskChange.Cancel> cancelled = new LinkedHashMap<>();
  private final Map<Key, TaskChange.Schedule> scheduled = new LinkedHashMap<>();

  private record Key(String task, String instance) {
    static Key of(TaskInstanceId task) {
      return new Key(task.getTaskName(), task.getId());
    }
  }

  void add(TaskChange change) {
    Key key = Key.of(change.task());
    switch (change) {
      case TaskChange.Schedule schedule -> scheduled.putIfAbsent(key, schedule);
      case TaskChange.Cancel cancel -> {
        scheduled.remove(key);
        cancelled.put(key, cancel);
      }
    }
  }

  /** What is left to write. */
  List<TaskChange> last() {
    List<TaskChange> changes = new ArrayList<>(cancelled.values());
    changes.addAll(scheduled.values());
    return changes;
  }
}

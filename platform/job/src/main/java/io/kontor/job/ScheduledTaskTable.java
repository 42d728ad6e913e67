package io.kontor.job;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes rows of db-scheduler's table, many in one statement, in the form that it reads. */
final class ScheduledTaskTable {
  private static final String CANCEL =
      """
      delete from scheduled_tasks t using unnest(?::text[], ?::text[]) c (name, instance)
       where t.task_name = c.name and t.task_instance = c.instance and not t.picked
      """;
  private static final String SCHEDULE =
      """
      insert into scheduled_tasks
        (task_name, task_instance, task_data, execution_time, picked, version)
      select name, instance, data, time::timestamptz, false, 1
        from unnest(?::text[], ?::text[], ?::bytea[], ?::text[]) s (name, instance, data, time)
      on conflict do nothing
      """;

  private final JdbcTemplate worker;

  ScheduledTaskTable(DataSource worker) {
    this.worker = new JdbcTemplate(worker);
  }

  /** Writes the cancellations and then what is scheduled, at most one of each for a task. */
  void write(Collection<TaskChange> changes) {
    cancel(of(TaskChange.Cancel.class, changes));
    schedule(of(TaskChange.Schedule.class, changes));
  }

  private void cancel(List<TaskChange.Cancel> changes) {
    if (!changes.isEmpty()) {
      worker.update(connection -> keys(connection, CANCEL, changes));
    }
  }

  private void schedule(List<TaskChange.Schedule> changes) {
    if (!changes.isEmpty()) {
      worker.update(
          connection -> {
            PreparedStatement insert = keys(connection, SCHEDULE, changes);
            byte[][] data = changes.stream().map(ScheduledTaskTable::data).toArray(byte[][]::new);
            insert.setArray(3, connection.createArrayOf("bytea", data));
            texts(insert, 4, changes, change -> change.when().toString());
            return insert;
          });
    }
  }

  private static byte @Nullable [] data(TaskChange.Schedule change) {
    Object data = change.task().getData();
    return data == null ? null : Serializer.DEFAULT_JAVA_SERIALIZER.serialize(data);
  }

  private static PreparedStatement keys(
      Connection connection, String sql, List<? extends TaskChange> changes) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    texts(statement, 1, changes, change -> change.task().getTaskName());
    texts(statement, 2, changes, change -> change.task().getId());
    return statement;
  }

  private static <T> void texts(
      PreparedStatement statement, int index, List<T> rows, Function<T, String> column)
      throws SQLException {
    Stream<String> texts = rows.stream().map(column);
    statement.setArray(
        index, statement.getConnection().createArrayOf("text", texts.toArray(String[]::new)));
  }

  private static <T> List<T> of(Class<T> kind, Collection<TaskChange> changes) {
    return changes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}

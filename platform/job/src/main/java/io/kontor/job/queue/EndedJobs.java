package io.kontor.job.queue;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Forgets jobs that ended long ago. */
final class EndedJobs {
  private static final Duration EVERY = Duration.ofHours(1);
  private static final int ROWS = 1000;

  private EndedJobs() {}

  /** The db-scheduler task; after a shutdown the next run deletes the rest. */
  static RecurringTask<Void> cleanup(DataSource worker, Duration kept) {
    return Tasks.recurring("forget-ended-jobs", FixedDelay.of(EVERY))
        .execute(
            (instance, context) ->
                forget(worker, kept, () -> !context.getSchedulerState().isShuttingDown()));
  }

  /** Deletes in small transactions; a dead job stays until a person has decided. */
  static void forget(DataSource worker, Duration kept, BooleanSupplier goOn) {
    var jdbc = JdbcClient.create(worker);
    int deleted = ROWS;
    while (deleted == ROWS && goOn.getAsBoolean()) {
      deleted =
          jdbc.sql(
                  """
                  delete from job where (tenant_id, id) in (
                    select tenant_id, id from job
                     where ended_at < now() - make_interval(secs => :kept) and state <> 'DEAD'
                     limit :rows)
                  """)
              .param("kept", JobQueue.seconds(kept))
              .param("rows", ROWS)
              .update();
    }
  }
}

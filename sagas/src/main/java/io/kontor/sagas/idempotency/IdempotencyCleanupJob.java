package io.kontor.sagas.idempotency;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.kontor.api.integration.InboundPayment;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Deletes idempotency records past their promised retention. Those of inbound payments stay for
 * ever: a topic may be read again from its beginning, years later.
 */
public final class IdempotencyCleanupJob {
  /** Twice the retention that the API promises. */
  static final Duration KEPT = Duration.ofDays(2);

  private static final Duration EVERY = Duration.ofHours(1);

  /** Pages of 8 kB: about 1,000 records. */
  private static final long PAGES_PER_DELETE = 16;

  private IdempotencyCleanupJob() {}

  /** The db-scheduler task; after a shutdown the next run deletes the rest. */
  public static RecurringTask<Void> task(NamedParameterJdbcTemplate worker) {
    return Tasks.recurring("forget-old-answers", FixedDelay.of(EVERY))
        .execute(
            (instance, context) ->
                forget(worker, () -> !context.getSchedulerState().isShuttingDown()));
  }

  /**
   * Scans the table a few pages at a time, each in its own transaction: an append with a key that
   * is being deleted waits for that transaction, and every append behind it.
   */
  static void forget(NamedParameterJdbcTemplate worker, BooleanSupplier goOn) {
    long pages = pages(worker);
    for (long page = 0; page < pages && goOn.getAsBoolean(); page += PAGES_PER_DELETE) {
      worker.update(
          """
          delete from idempotency
           where ctid >= format('(%s,0)', :page::bigint)::tid
             and ctid < format('(%s,0)', :page::bigint + :pages)::tid
             and answered_at < now() - make_interval(hours => :hours)
             and not starts_with(key, :kept)
          """,
          Map.of(
              "page",
              page,
              "pages",
              PAGES_PER_DELETE,
              "hours",
              (int) KEPT.toHours(),
              "kept",
              InboundPayment.IDEMPOTENCY_KEYS));
    }
  }

  private static long pages(NamedParameterJdbcTemplate worker) {
    Long pages =
        worker.queryForObject(
            """
            select pg_relation_size('idempotency')
                   / current_setting('block_size')::bigint
            """,
            Map.of(),
            Long.class);
    return pages == null ? 0 : pages;
  }
}

package io.kontor.sagas.housekeeping;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.kontor.api.integration.InboundPayment;
import java.time.Duration;
import java.util.Map;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Forgets answers to requests whose idempotency keys are no longer promised to be known. Those of
 * inbound payments always are: a topic may be read again from its beginning, years later.
 */
public final class OldAnswers {
  /** Twice what the contract promises. */
  static final Duration KEPT = Duration.ofDays(2);

  private static final Duration EVERY = Duration.ofHours(1);

  private OldAnswers() {}

  /** The task as db-scheduler knows it. */
  public static RecurringTask<Void> task(NamedParameterJdbcTemplate worker) {
    return Tasks.recurring("forget-old-answers", FixedDelay.of(EVERY))
        .execute((instance, context) -> forget(worker));
  }

  static int forget(NamedParameterJdbcTemplate worker) {
    return worker.update(
        """
        delete from kontor.idempotency
         where answered_at < now() - make_interval(hours => :hours)
           and not starts_with(key, :kept)
        """,
        Map.of("hours", (int) KEPT.toHours(), "kept", InboundPayment.IDEMPOTENCY_KEYS));
  }
}

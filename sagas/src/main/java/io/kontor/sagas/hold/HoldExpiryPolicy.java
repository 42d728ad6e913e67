package io.kontor.sagas.hold;

import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.job.TransactionalJobScheduler;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/** Schedules the release of each hold that has an expiry time. */
@ProcessingGroup(HoldExpiryPolicy.PROCESSOR)
public class HoldExpiryPolicy {
  public static final String PROCESSOR = "hold-expiry";

  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private final TransactionalJobScheduler jobs;

  public HoldExpiryPolicy(TransactionalJobScheduler jobs) {
    this.jobs = jobs;
  }

  @EventHandler
  void on(HoldPlaced placed) {
    Instant expiresAt = placed.expiresAt();
    if (expiresAt != null) {
      var task =
          ReleaseExpiredHoldTask.TASK.instance(HoldTaskId.of(placed.account(), placed.hold()));
      // A time that the job table can't store would stop this policy for every tenant.
      jobs.schedule(task.build(), expiresAt.isBefore(LATEST) ? expiresAt : LATEST);
    }
  }

  @EventHandler
  void on(HoldCaptured captured) {
    cancel(captured.account(), captured.hold());
  }

  @EventHandler
  void on(HoldReleased released) {
    // An expired hold was released by its own task, which needs no cancelling.
    if (released.reason() != HoldReleaseReason.EXPIRED) {
      cancel(released.account(), released.hold());
    }
  }

  /**
   * Does nothing if the hold had no expiry time or its task is running: that task finds nothing to
   * release.
   */
  private void cancel(AccountId account, UUID hold) {
    jobs.cancel(ReleaseExpiredHoldTask.TASK.instanceId(HoldTaskId.of(account, hold)));
  }
}

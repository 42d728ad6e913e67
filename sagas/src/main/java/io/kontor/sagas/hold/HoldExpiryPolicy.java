package io.kontor.sagas.hold;

import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.sagas.schedule.TransactionalJobScheduler;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/** Whenever a hold was placed with an end, see that it is released then. */
@ProcessingGroup(HoldExpiryPolicy.PROCESSOR)
public class HoldExpiryPolicy {
  /** The event processor's name. */
  public static final String PROCESSOR = "hold-expiry";

  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private final TransactionalJobScheduler agenda;

  public HoldExpiryPolicy(TransactionalJobScheduler agenda) {
    this.agenda = agenda;
  }

  @EventHandler
  void on(HoldPlaced placed) {
    Instant expiresAt = placed.expiresAt();
    if (expiresAt != null) {
      var task =
          ReleaseExpiredHoldTask.TASK.instance(HoldTaskId.of(placed.account(), placed.hold()));
      // A date that the schedule can't keep would stop this policy for every tenant.
      agenda.put(task.build(), expiresAt.isBefore(LATEST) ? expiresAt : LATEST);
    }
  }

  @EventHandler
  void on(HoldCaptured captured) {
    cancel(captured.account(), captured.hold());
  }

  @EventHandler
  void on(HoldReleased released) {
    // An expired hold was released by its task, which ends by itself.
    if (released.reason() != HoldReleaseReason.EXPIRED) {
      cancel(released.account(), released.hold());
    }
  }

  /** It had no end perhaps, or its task runs now and finds that there is nothing left to do. */
  private void cancel(AccountId account, UUID hold) {
    agenda.remove(ReleaseExpiredHoldTask.TASK.instanceId(HoldTaskId.of(account, hold)));
  }
}

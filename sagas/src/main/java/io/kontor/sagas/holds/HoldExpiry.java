package io.kontor.sagas.holds;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import io.kontor.api.account.AccountEvent.HoldCaptured;
import io.kontor.api.account.AccountEvent.HoldPlaced;
import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldRelease;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/**
 * Whenever a hold was placed with an end, see that it is released then. The date is written in the
 * transaction in which the processor's progress is, so none is forgotten or set twice.
 */
@ProcessingGroup(HoldExpiry.PROCESSOR)
public class HoldExpiry {
  /** The event processor's name. */
  public static final String PROCESSOR = "hold-expiry";

  private final SchedulerClient schedule;

  public HoldExpiry(SchedulerClient schedule) {
    this.schedule = schedule;
  }

  @EventHandler
  void on(HoldPlaced placed) {
    Instant expiresAt = placed.expiresAt();
    if (expiresAt != null) {
      var task = ReleaseExpiredHold.TASK.instance(HoldKey.of(placed.account(), placed.hold()));
      schedule.scheduleIfNotExists(task.build(), expiresAt);
    }
  }

  @EventHandler
  void on(HoldCaptured captured) {
    cancel(captured.account(), captured.hold());
  }

  @EventHandler
  void on(HoldReleased released) {
    // An expired hold was released by its task, which ends by itself.
    if (released.reason() != HoldRelease.EXPIRED) {
      cancel(released.account(), released.hold());
    }
  }

  private void cancel(AccountId account, UUID hold) {
    try {
      schedule.cancel(ReleaseExpiredHold.TASK.instanceId(HoldKey.of(account, hold)));
    } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException e) {
      // The hold had no end, or its task runs now and finds that there is nothing left to do.
      return;
    }
  }
}

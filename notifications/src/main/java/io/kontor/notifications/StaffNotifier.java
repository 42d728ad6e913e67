package io.kontor.notifications;

import io.kontor.job.queue.DeadJob;
import io.kontor.notifications.rule.Draft;
import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.store.NotificationWriter;
import io.kontor.notifications.webhook.WebhookSwitchedOff;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.context.event.EventListener;

/** Notifies the bank's staff of what is no event, in the transaction in which it happens. */
final class StaffNotifier {
  private final NotificationWriter writer;
  private final InstantSource clock;

  StaffNotifier(NotificationWriter writer, InstantSource clock) {
    this.writer = writer;
    this.clock = clock;
  }

  @EventListener
  void on(DeadJob dead) {
    writer.write(
        "job " + dead.id(),
        now(),
        null,
        new Draft(NotificationKind.JOB_DEAD, NotificationData.dead(dead.id())));
  }

  @EventListener
  void on(WebhookSwitchedOff off) {
    writer.write(
        "webhook " + off.webhook(),
        now(),
        off.owner(),
        new Draft(NotificationKind.WEBHOOK_OFF, NotificationData.switchedOff(off.webhook())));
  }

  private Instant now() {
    return clock.instant();
  }
}

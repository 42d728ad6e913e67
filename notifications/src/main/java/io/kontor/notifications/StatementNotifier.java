package io.kontor.notifications;

import io.kontor.api.statement.StatementReady;
import io.kontor.notifications.rule.Draft;
import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.store.NotificationWriter;
import java.time.InstantSource;
import org.springframework.context.event.EventListener;

/**
 * Notifies an account's customer of a statement, in the transaction that makes its document one.
 */
final class StatementNotifier {
  private final NotificationWriter writer;
  private final InstantSource clock;

  StatementNotifier(NotificationWriter writer, InstantSource clock) {
    this.writer = writer;
    this.clock = clock;
  }

  @EventListener
  void on(StatementReady ready) {
    writer.write(
        "statement " + ready.statement(),
        clock.instant(),
        ready.customer(),
        new Draft(
            NotificationKind.STATEMENT_READY,
            NotificationData.written(ready.account(), ready.statement())));
  }
}

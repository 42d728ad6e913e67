package io.kontor.notifications;

import io.kontor.notifications.rule.NotificationKind;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Notifications of users.
 *
 * @param kinds the kinds of notifications that are made; each costs a row
 * @param kept how long a notification can be read; events that are older notify of nothing
 * @param staffNotified how long a teller or admin is notified after looking at notifications
 */
@ConfigurationProperties("kontor.notifications")
@Validated
record NotificationProperties(
    @DefaultValue({
          "MONEY_IN",
          "MONEY_OUT",
          "TRANSFER_RECEIVED",
          "HOLD_EXPIRED",
          "BALANCE_BELOW",
          "BALANCE_ABOVE",
          "PAYMENT_SETTLED",
          "PAYMENT_REJECTED",
          "PAYMENT_RETURNED",
          "PAYMENT_WAITING",
          "STANDING_ORDER_FAILED",
          "STATEMENT_READY",
          "ORDER_CONFIRMED",
          "ORDER_SHIPPED",
          "ORDER_CANCELLED",
          "ORDER_WAITING",
          "JOB_DEAD",
          "PROJECTION_FAILED",
          "WEBHOOK_OFF"
        })
        List<NotificationKind> kinds,
    @DefaultValue("90d") @DurationMin(hours = 24) @DurationMax(hours = 87_600) Duration kept,
    @DefaultValue("30d") @DurationMin(hours = 24) @DurationMax(hours = 87_600)
        Duration staffNotified) {}

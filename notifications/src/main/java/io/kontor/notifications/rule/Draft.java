package io.kontor.notifications.rule;

/** A notification before it is known whether its user wants it. */
public record Draft(NotificationKind kind, NotificationData data) {}

package io.kontor.notifications.store;

/**
 * A notification with its place.
 *
 * @param number greater than that of every notification of the tenant that was committed before
 * @param live whether it is sent over streams
 */
public record NumberedNotification(long number, Notification notification, boolean live) {}

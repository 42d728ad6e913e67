/**
 * Notifications of users: made from events and kept for a while. What an event means for whom is
 * below {@code rule}, their tables below {@code store}. Decides nothing and sends no commands.
 */
@NullMarked
package io.kontor.notifications;

import org.jspecify.annotations.NullMarked;

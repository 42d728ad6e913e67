/** Notifications, preferences and alerts over HTTP. */
@NullMarked
package io.kontor.notifications.web;

import org.jspecify.annotations.NullMarked;

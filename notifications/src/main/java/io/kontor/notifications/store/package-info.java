/** The tables of notifications, preferences and alerts. */
@NullMarked
package io.kontor.notifications.store;

import org.jspecify.annotations.NullMarked;

/**
 * Connections over which users receive their notifications as they come. The notifications are read
 * from the store each time; signals between nodes only say when to look.
 */
@NullMarked
package io.kontor.notifications.stream;

import org.jspecify.annotations.NullMarked;

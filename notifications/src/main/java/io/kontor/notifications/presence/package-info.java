/** Which users have a stream of notifications open, on any node. */
@NullMarked
package io.kontor.notifications.presence;

import org.jspecify.annotations.NullMarked;

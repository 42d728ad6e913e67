/** Receives PostgreSQL notifications from other processes. */
@NullMarked
package io.kontor.notifications;

import org.jspecify.annotations.NullMarked;

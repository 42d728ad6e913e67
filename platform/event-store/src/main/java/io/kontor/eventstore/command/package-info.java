/** The command bus that returns a result once the events are durable. */
@NullMarked
package io.kontor.eventstore.command;

import org.jspecify.annotations.NullMarked;

/** The command bus that answers when a decision is durable. */
@NullMarked
package io.kontor.eventstore.command;

import org.jspecify.annotations.NullMarked;

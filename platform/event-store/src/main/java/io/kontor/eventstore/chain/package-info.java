/** The hash chain of each tenant's events, and its verification. */
@NullMarked
package io.kontor.eventstore.chain;

import org.jspecify.annotations.NullMarked;

/** Follows the store: the feed of new events, tokens, claims. */
@NullMarked
package io.kontor.eventstore.subscription;

import org.jspecify.annotations.NullMarked;

/** Subscriptions to the store: the feed of new events, tokens and their claims. */
@NullMarked
package io.kontor.eventstore.subscription;

import org.jspecify.annotations.NullMarked;

/** A customer's account: its commands, events and what its commands answer. */
@NullMarked
package io.kontor.api.account;

import org.jspecify.annotations.NullMarked;

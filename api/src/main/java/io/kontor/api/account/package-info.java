/** A customer's account: its commands, events, results and queries. */
@NullMarked
package io.kontor.api.account;

import org.jspecify.annotations.NullMarked;

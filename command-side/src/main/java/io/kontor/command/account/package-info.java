/**
 * The account aggregate and transfers between accounts: rules and state. No clock, no randomness,
 * no I/O.
 */
@NullMarked
package io.kontor.command.account;

import org.jspecify.annotations.NullMarked;

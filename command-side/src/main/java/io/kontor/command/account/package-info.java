/**
 * Accounts and transfers between them: the decisions and the state they are made on. No clock, no
 * randomness, no input or output.
 */
@NullMarked
package io.kontor.command.account;

import org.jspecify.annotations.NullMarked;

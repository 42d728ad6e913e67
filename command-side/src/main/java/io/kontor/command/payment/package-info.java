/**
 * The payment aggregate: the next step of a payment, in whatever order the account and the clearing
 * house respond. No calls to other systems.
 */
@NullMarked
package io.kontor.command.payment;

import org.jspecify.annotations.NullMarked;

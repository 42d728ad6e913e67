/**
 * Payments to other banks: how one goes on, whatever the account and the clearing house say in
 * whatever order. Nobody is called from here.
 */
@NullMarked
package io.kontor.command.payment;

import org.jspecify.annotations.NullMarked;

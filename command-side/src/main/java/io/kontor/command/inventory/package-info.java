/**
 * The inventory aggregate: the stock of an item and its reservations. It does not depend on orders
 * or on bookings of money.
 */
@NullMarked
package io.kontor.command.inventory;

import org.jspecify.annotations.NullMarked;

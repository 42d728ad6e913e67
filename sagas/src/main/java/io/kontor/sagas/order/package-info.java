/**
 * The process that finishes an order or undoes it. It knows the order in which things are done and
 * undone; whether each may be is decided by those it asks.
 */
@NullMarked
package io.kontor.sagas.order;

import org.jspecify.annotations.NullMarked;

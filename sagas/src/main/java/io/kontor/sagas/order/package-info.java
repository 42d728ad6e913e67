/**
 * The saga that carries out or compensates an order. It defines the sequence of steps and
 * compensations; the aggregates decide whether each is allowed.
 */
@NullMarked
package io.kontor.sagas.order;

import org.jspecify.annotations.NullMarked;

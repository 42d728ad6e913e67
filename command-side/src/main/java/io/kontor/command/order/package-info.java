/**
 * The order aggregate: whether an order goes forward or back. The order saga carries out the steps.
 */
@NullMarked
package io.kontor.command.order;

import org.jspecify.annotations.NullMarked;

/**
 * What the bank does over time by itself, started by events or by the clock. Nothing here decides:
 * it sends commands, and the aggregates do.
 */
@NullMarked
package io.kontor.sagas;

import org.jspecify.annotations.NullMarked;

/**
 * Sagas, policies and jobs, started by events or by the clock. They send commands; the aggregates
 * decide.
 */
@NullMarked
package io.kontor.sagas;

import org.jspecify.annotations.NullMarked;

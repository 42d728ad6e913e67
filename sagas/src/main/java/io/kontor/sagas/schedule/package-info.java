/**
 * What is to be done later: written down with the progress that led to it, and done until it
 * succeeds.
 */
@NullMarked
package io.kontor.sagas.schedule;

import org.jspecify.annotations.NullMarked;

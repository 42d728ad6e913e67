/** Holds that end by themselves. */
@NullMarked
package io.kontor.sagas.holds;

import org.jspecify.annotations.NullMarked;

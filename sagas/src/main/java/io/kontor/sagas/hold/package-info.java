/** Holds that expire. */
@NullMarked
package io.kontor.sagas.hold;

import org.jspecify.annotations.NullMarked;

/**
 * Answers questions from the read models. Nothing here changes anything but the speed at which a
 * projection recovers.
 */
@NullMarked
package io.kontor.query;

import org.jspecify.annotations.NullMarked;

/** The people that the bank knows something about, and their right to be forgotten. */
@NullMarked
package io.kontor.api.person;

import org.jspecify.annotations.NullMarked;

/** The people that the bank holds data about: their right to be forgotten, as command and event. */
@NullMarked
package io.kontor.api.datasubject;

import org.jspecify.annotations.NullMarked;

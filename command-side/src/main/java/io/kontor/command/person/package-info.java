/** Decides when a person counts as forgotten. What that means for data is not decided here. */
@NullMarked
package io.kontor.command.person;

import org.jspecify.annotations.NullMarked;

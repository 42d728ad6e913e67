/** The names of stored events, and the upcasters from older forms to the current one. */
@NullMarked
package io.kontor.api.evolution;

import org.jspecify.annotations.NullMarked;

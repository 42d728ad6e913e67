/** How events were stored before, and how each old form becomes today's. */
@NullMarked
package io.kontor.api.evolution;

import org.jspecify.annotations.NullMarked;

/** What the node did in the last hour, from its own meters. */
@NullMarked
package io.kontor.console.figures;

import org.jspecify.annotations.NullMarked;

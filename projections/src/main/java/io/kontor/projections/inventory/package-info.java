/** Products and their stock. */
@NullMarked
package io.kontor.projections.inventory;

import org.jspecify.annotations.NullMarked;

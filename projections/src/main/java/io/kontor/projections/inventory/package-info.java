/** What is sold, and how much of it there is. */
@NullMarked
package io.kontor.projections.inventory;

import org.jspecify.annotations.NullMarked;

/** Orders and what happened to them. */
@NullMarked
package io.kontor.projections.order;

import org.jspecify.annotations.NullMarked;

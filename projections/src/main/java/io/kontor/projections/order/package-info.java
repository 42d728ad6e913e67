/** Orders and their timelines. */
@NullMarked
package io.kontor.projections.order;

import org.jspecify.annotations.NullMarked;

/** A paid order: its commands, events, results and queries. */
@NullMarked
package io.kontor.api.order;

import org.jspecify.annotations.NullMarked;

/** A paid order: its commands, events and what can be read of it. */
@NullMarked
package io.kontor.api.order;

import org.jspecify.annotations.NullMarked;

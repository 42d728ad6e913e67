/** Spans, and the meters of event processors and projections. */
@NullMarked
package io.kontor.app.observability;

import org.jspecify.annotations.NullMarked;

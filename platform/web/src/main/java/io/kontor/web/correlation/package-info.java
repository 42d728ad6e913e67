/** The correlation id of a request, and the trace it belongs to. */
@NullMarked
package io.kontor.web.correlation;

import org.jspecify.annotations.NullMarked;

/** The correlation id and trace context of a request. */
@NullMarked
package io.kontor.web.correlation;

import org.jspecify.annotations.NullMarked;

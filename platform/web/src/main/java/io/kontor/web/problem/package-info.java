/** Errors as RFC 9457 problem+json. */
@NullMarked
package io.kontor.web.problem;

import org.jspecify.annotations.NullMarked;

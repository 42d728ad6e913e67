/** Limits and preconditions of requests: body size, idempotency keys, entity tags. */
@NullMarked
package io.kontor.web.request;

import org.jspecify.annotations.NullMarked;

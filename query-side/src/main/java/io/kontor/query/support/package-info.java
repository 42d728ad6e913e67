/** Shared code of queries: the gateway, parameters, rows and idempotency records. */
@NullMarked
package io.kontor.query.support;

import org.jspecify.annotations.NullMarked;

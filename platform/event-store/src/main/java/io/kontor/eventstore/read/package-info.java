/** Reads events: one stream as its tenant, pages over all tenants, ranges for tools. */
@NullMarked
package io.kontor.eventstore.read;

import org.jspecify.annotations.NullMarked;

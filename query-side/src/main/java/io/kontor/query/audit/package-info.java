/** Queries of stored events, for auditors. */
@NullMarked
package io.kontor.query.audit;

import org.jspecify.annotations.NullMarked;

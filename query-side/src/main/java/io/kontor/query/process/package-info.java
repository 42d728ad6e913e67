/** Queries of active sagas. */
@NullMarked
package io.kontor.query.process;

import org.jspecify.annotations.NullMarked;

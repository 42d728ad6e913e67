/** Queries of transfers. */
@NullMarked
package io.kontor.query.transfer;

import org.jspecify.annotations.NullMarked;

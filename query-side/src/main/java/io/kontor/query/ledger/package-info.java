/** Queries of the journal and the trial balance. */
@NullMarked
package io.kontor.query.ledger;

import org.jspecify.annotations.NullMarked;

/** The bank's books: entries, postings and daily totals, and with them every past balance. */
@NullMarked
package io.kontor.projections.ledger;

import org.jspecify.annotations.NullMarked;

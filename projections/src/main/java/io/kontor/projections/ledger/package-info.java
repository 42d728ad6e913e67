/**
 * The ledger: journal entries, postings and daily totals, from which every past balance follows.
 */
@NullMarked
package io.kontor.projections.ledger;

import org.jspecify.annotations.NullMarked;

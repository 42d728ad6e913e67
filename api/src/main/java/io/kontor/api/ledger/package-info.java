/** The bank's ledger: journal entries, postings and the trial balance. */
@NullMarked
package io.kontor.api.ledger;

import org.jspecify.annotations.NullMarked;

/** The bank's books: journal entries, their postings, and what they add up to. */
@NullMarked
package io.kontor.api.ledger;

import org.jspecify.annotations.NullMarked;

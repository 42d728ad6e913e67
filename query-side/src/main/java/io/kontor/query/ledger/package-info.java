/** Answers questions about the books. */
@NullMarked
package io.kontor.query.ledger;

import org.jspecify.annotations.NullMarked;

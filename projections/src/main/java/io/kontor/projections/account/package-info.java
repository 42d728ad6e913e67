/** The current state of accounts. */
@NullMarked
package io.kontor.projections.account;

import org.jspecify.annotations.NullMarked;

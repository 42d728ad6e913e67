/** Queries of accounts, their statements and past balances. */
@NullMarked
package io.kontor.query.account;

import org.jspecify.annotations.NullMarked;

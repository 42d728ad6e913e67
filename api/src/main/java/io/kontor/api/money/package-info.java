/** Exact amounts of money with their currency. */
@NullMarked
package io.kontor.api.money;

import org.jspecify.annotations.NullMarked;

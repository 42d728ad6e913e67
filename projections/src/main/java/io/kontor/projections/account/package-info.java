/** The accounts as they are now. */
@NullMarked
package io.kontor.projections.account;

import org.jspecify.annotations.NullMarked;

/** Binds the current tenant to database transactions, where row-level security reads it. */
@NullMarked
package io.kontor.tenancy.jdbc;

import org.jspecify.annotations.NullMarked;

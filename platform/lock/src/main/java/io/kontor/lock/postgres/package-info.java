/** Leases as rows in PostgreSQL, and the fence that protects what is written under them. */
@NullMarked
package io.kontor.lock.postgres;

import org.jspecify.annotations.NullMarked;

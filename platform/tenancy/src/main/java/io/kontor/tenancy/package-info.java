/**
 * The current tenant: its identity and its binding to the running thread; ids of streams, and new
 * ones. No SQL, no Axon, no banking.
 */
@NullMarked
package io.kontor.tenancy;

import org.jspecify.annotations.NullMarked;

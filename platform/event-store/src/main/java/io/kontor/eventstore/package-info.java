/**
 * Event streams on PostgreSQL: group commit, a total order that readers can trust, stream locks
 * that do not wait for the disk. Knows tenants, but nothing of banking.
 */
@NullMarked
package io.kontor.eventstore;

import org.jspecify.annotations.NullMarked;

/**
 * The event store on PostgreSQL: group commit, a total order of positions, and stream locks that
 * are released before the disk write. It handles tenants, but does not depend on banking code.
 */
@NullMarked
package io.kontor.eventstore;

import org.jspecify.annotations.NullMarked;

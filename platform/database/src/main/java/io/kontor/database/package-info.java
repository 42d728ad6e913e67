/**
 * The connection to PostgreSQL: its three logins, their pools and timeouts, and the demands on the
 * server. It does not depend on the stored content.
 */
@NullMarked
package io.kontor.database;

import org.jspecify.annotations.NullMarked;

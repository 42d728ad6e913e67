/**
 * The embedded PostgreSQL, its three logins and its schema: durable for a bank on one machine,
 * temporary for tests. It does not depend on the stored content.
 */
@NullMarked
package io.kontor.postgres;

import org.jspecify.annotations.NullMarked;

/**
 * The PostgreSQL that comes with Kontor, its three logins and its schema: durable for a bank on one
 * machine, throw-away for tests. What is stored in it is not this package's business.
 */
@NullMarked
package io.kontor.postgres;

import org.jspecify.annotations.NullMarked;

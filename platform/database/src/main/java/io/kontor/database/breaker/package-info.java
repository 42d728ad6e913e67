/**
 * Circuit breakers around the database: what counts as an outage, and how requests are refused
 * while one lasts. They do not depend on how connections are pooled.
 */
@NullMarked
package io.kontor.database.breaker;

import org.jspecify.annotations.NullMarked;

/**
 * What a bank for development has and a release has not: profile {@code embedded} with its own
 * PostgreSQL, Redis if it is asked for, tokens for any caller, and simulated outside parties.
 */
@NullMarked
package io.kontor.dev;

import org.jspecify.annotations.NullMarked;

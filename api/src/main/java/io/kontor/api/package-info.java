/** Kontor's messages and their values: commands, events, queries, results. No Spring, no SQL. */
@NullMarked
package io.kontor.api;

import org.jspecify.annotations.NullMarked;

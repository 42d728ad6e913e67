/**
 * What may be said to and by Kontor: commands, events, queries and their values. No Spring, no SQL.
 */
@NullMarked
package io.kontor.api;

import org.jspecify.annotations.NullMarked;

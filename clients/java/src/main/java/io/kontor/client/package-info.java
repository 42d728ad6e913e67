/** A client of the stream of notifications. It depends on nothing else of Kontor. */
@NullMarked
package io.kontor.client;

import org.jspecify.annotations.NullMarked;

/** Serves queries from the read models; writes nothing. */
@NullMarked
package io.kontor.query;

import org.jspecify.annotations.NullMarked;

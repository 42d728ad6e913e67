/** Answers questions about processes that are under way. */
@NullMarked
package io.kontor.query.process;

import org.jspecify.annotations.NullMarked;

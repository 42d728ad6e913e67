/** What a benchmark compares the engine with, where the engine's own statements can be reached. */
@NullMarked
package io.kontor.projections.engine;

import org.jspecify.annotations.NullMarked;

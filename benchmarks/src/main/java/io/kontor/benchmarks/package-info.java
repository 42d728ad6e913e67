/**
 * Benchmarks of Kontor beside a baseline in the same run. They are programs; no test depends on
 * timing.
 */
@NullMarked
package io.kontor.benchmarks;

import org.jspecify.annotations.NullMarked;

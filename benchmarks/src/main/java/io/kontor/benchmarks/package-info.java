/** How fast Kontor is, beside a yardstick in the same run. Programs, never tests with a clock. */
@NullMarked
package io.kontor.benchmarks;

import org.jspecify.annotations.NullMarked;

/** Which node a command goes to, and how it gets there. Correctness never depends on it. */
@NullMarked
package io.kontor.cluster.routing;

import org.jspecify.annotations.NullMarked;

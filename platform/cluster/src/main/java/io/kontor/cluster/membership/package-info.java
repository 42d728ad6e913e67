/** Which nodes are there: registry rows and heartbeats. */
@NullMarked
package io.kontor.cluster.membership;

import org.jspecify.annotations.NullMarked;

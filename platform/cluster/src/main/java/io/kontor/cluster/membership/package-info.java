/** Cluster membership: the node registry and heartbeats. */
@NullMarked
package io.kontor.cluster.membership;

import org.jspecify.annotations.NullMarked;

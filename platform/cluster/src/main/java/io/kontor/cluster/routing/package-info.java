/** Routes commands to nodes and transports them. Correctness does not depend on it. */
@NullMarked
package io.kontor.cluster.routing;

import org.jspecify.annotations.NullMarked;

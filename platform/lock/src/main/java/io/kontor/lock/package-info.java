/**
 * Leases: the right to do something alone for a limited time. It does not depend on what is done
 * under a lease; the servers that keep the leases are known in the packages below only.
 */
@NullMarked
package io.kontor.lock;

import org.jspecify.annotations.NullMarked;

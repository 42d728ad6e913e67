/** Leases on a quorum of Redis or Valkey servers, without fencing numbers. */
@NullMarked
package io.kontor.lock.redis;

import org.jspecify.annotations.NullMarked;

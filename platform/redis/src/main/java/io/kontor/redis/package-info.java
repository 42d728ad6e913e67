/**
 * Redis or Valkey servers: connections, which node keeps which key, and node health. The only
 * package that depends on Lettuce; what is stored is the business of its users.
 */
@NullMarked
package io.kontor.redis;

import org.jspecify.annotations.NullMarked;

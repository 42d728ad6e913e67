package io.kontor.database.pool;

import org.jspecify.annotations.Nullable;

/** Whose share of a pool the current thread's connections count for. */
@FunctionalInterface
public interface PoolShare {
  /** The name of the share; null for work that counts for none. */
  @Nullable String current();
}

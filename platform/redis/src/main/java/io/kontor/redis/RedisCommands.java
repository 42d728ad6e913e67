package io.kontor.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The commands that the bank uses, of one server or of a Redis Cluster. Futures complete within the
 * configured timeout, exceptionally when the server did not answer; no method blocks or throws.
 */
public interface RedisCommands {
  /** The value of a key; null if it is missing. */
  CompletableFuture<byte @Nullable []> get(String key);

  /**
   * Runs a script.
   *
   * @param keys all keys that it touches; in a Redis Cluster they must be of one slot
   */
  CompletableFuture<Long> run(RedisScript script, List<String> keys, List<byte[]> arguments);
}

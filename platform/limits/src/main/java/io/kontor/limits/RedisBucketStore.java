package io.kontor.limits;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.kontor.redis.RedisNode;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisScript;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the state of Bucket4j's buckets in Redis, each on the first server of its key. A bucket
 * changes only from the state that was read, so no request is lost between processes.
 */
final class RedisBucketStore extends AbstractCompareAndSwapBasedProxyManager<String> {
  /** As long as a process remembers a key without requests. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** Each one that fails means that another process has succeeded. */
  private static final int ATTEMPTS = 100;

  private static final byte[] NOTHING = {};

  private static final RedisScript SWAP =
      new RedisScript(
          """
          if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
          redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
          return 1
          """);

  private static final byte[] TTL = Long.toString(KEPT.toMillis()).getBytes(US_ASCII);

  private final RedisNodes nodes;

  /**
   * @param clock the same in all processes, but for the few milliseconds that clocks differ
   */
  RedisBucketStore(RedisNodes nodes, TimeMeter clock) {
    super(ClientSideConfig.getDefault().withClientClock(clock).withMaxRetries(ATTEMPTS));
    this.nodes = nodes;
  }

  @Override
  protected CompareAndSwapOperation beginCompareAndSwapOperation(String key) {
    RedisNode node = nodes.nodesOf(key).getFirst();
    return new CompareAndSwapOperation() {
      @Override
      public Optional<byte[]> getStateData(Optional<Long> timeout) {
        return Optional.ofNullable(node.get(key).join());
      }

      @Override
      public boolean compareAndSwap(
          byte[] before, byte[] after, RemoteBucketState state, Optional<Long> timeout) {
        byte[] expected = before == null ? NOTHING : before;
        return node.run(SWAP, List.of(key), List.of(expected, after, TTL)).join() == 1;
      }
    };
  }

  @Override
  protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected CompletableFuture<Void> removeAsync(String key) {
    throw new UnsupportedOperationException();
  }

  /** Buckets end by themselves. */
  @Override
  public void removeProxy(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isAsyncModeSupported() {
    return false;
  }
}

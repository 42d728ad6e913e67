package io.kontor.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to a channel on all servers, those that join later included, until it is closed. Lettuce
 * opens a connection that was lost again.
 */
public final class RedisSubscription implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisSubscription.class);
  private static final long LOOK_EACH_SECONDS = 1;
  private static final long OPEN_WITHIN_SECONDS = 10;

  private final Map<RedisNode, Supplier<CompletableFuture<Void>>> open = new HashMap<>();

  /** Why servers are not listened to. */
  private final Map<RedisNode, String> failing = new HashMap<>();

  private final Supplier<List<RedisNode>> nodes;
  private final Function<RedisNode, CompletionStage<Supplier<CompletableFuture<Void>>>> opener;
  private final Thread thread = Thread.ofVirtual().name("redis-subscription").unstarted(this::run);

  /**
   * @param nodes the servers there are now
   * @param opener opens a connection and answers how to close it
   */
  RedisSubscription(
      Supplier<List<RedisNode>> nodes,
      Function<RedisNode, CompletionStage<Supplier<CompletableFuture<Void>>>> opener) {
    this.nodes = nodes;
    this.opener = opener;
  }

  RedisSubscription started() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (true) {
        follow(nodes.get());
        TimeUnit.SECONDS.sleep(LOOK_EACH_SECONDS);
      }
    } catch (InterruptedException closed) {
      open.values().forEach(RedisSubscription::end);
    }
  }

  private void follow(List<RedisNode> now) throws InterruptedException {
    open.entrySet()
        .removeIf(
            listening -> {
              boolean left = !now.contains(listening.getKey());
              if (left) {
                end(listening.getValue());
              }
              return left;
            });
    failing.keySet().retainAll(now);
    for (RedisNode node : now) {
      if (!open.containsKey(node)) {
        open(node);
      }
    }
  }

  /** A failure is tried again in a second. */
  private void open(RedisNode node) throws InterruptedException {
    CompletableFuture<Supplier<CompletableFuture<Void>>> opening =
        opener.apply(node).toCompletableFuture();
    try {
      open.put(node, opening.get(OPEN_WITHIN_SECONDS, TimeUnit.SECONDS));
      failing.remove(node);
    } catch (ExecutionException failure) {
      failed(node, String.valueOf(failure.getCause()));
    } catch (TimeoutException late) {
      failed(node, "no answer in time");
    } finally {
      if (!open.containsKey(node)) {
        // It may open yet, when nobody waits for it any more.
        var _ = opening.thenAccept(RedisSubscription::end);
      }
    }
  }

  private void failed(RedisNode node, String cause) {
    if (!cause.equals(failing.put(node, cause))) {
      log.warn("redis channel not heard node={} cause={}", node.name(), cause);
    }
  }

  private static void end(Supplier<CompletableFuture<Void>> connection) {
    var _ = connection.get();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}

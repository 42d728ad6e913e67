package io.kontor.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server, or a whole Redis Cluster behind one name. A call waits for the timeout at most, and
 * is not sent while the circuit is open. The connection is opened by the first call and after an
 * outage again, by Lettuce or by the next call.
 */
public final class RedisNode implements RedisCommands {
  private static final int WINDOW = 20;
  private static final float FAILURES_THAT_OPEN_PERCENT = 50;
  private static final int TRIALS = 3;
  private static final Duration OPEN_FOR = Duration.ofSeconds(1);

  private final String name;
  private final Supplier<? extends CompletionStage<Connected>> connector;
  private final Duration timeout;
  private final Timer timer;
  private final CircuitBreaker circuit;
  private final AtomicReference<@Nullable CompletableFuture<Connected>> connection =
      new AtomicReference<>();
  private final Map<RedisScript, String> digests = new ConcurrentHashMap<>();

  /**
   * An open connection.
   *
   * @param isOpen whether it is connected at the moment
   * @param close closes it for good
   */
  record Connected(
      RedisClusterAsyncCommands<String, byte[]> commands,
      Supplier<Boolean> isOpen,
      Supplier<CompletableFuture<Void>> close) {}

  RedisNode(
      String name,
      Supplier<? extends CompletionStage<Connected>> connector,
      Duration timeout,
      Timer timer) {
    this.name = name;
    this.connector = connector;
    this.timeout = timeout;
    this.timer = timer;
    this.circuit =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(WINDOW / 2)
                .failureRateThreshold(FAILURES_THAT_OPEN_PERCENT)
                .waitDurationInOpenState(OPEN_FOR)
                .permittedNumberOfCallsInHalfOpenState(TRIALS)
                .maxWaitDurationInHalfOpenState(OPEN_FOR)
                .build());
  }

  /** Host and port, or the name of the cluster. */
  public String name() {
    return name;
  }

  /** Whether it is connected and answers. */
  public boolean isUp() {
    CompletableFuture<Connected> opened = connection.get();
    return circuit.getState() == State.CLOSED
        && opened != null
        && opened.state() == Future.State.SUCCESS
        && opened.resultNow().isOpen().get();
  }

  @Override
  public CompletableFuture<byte @Nullable []> get(String key) {
    return guarded(commands -> commands.get(key));
  }

  @Override
  public CompletableFuture<Long> run(
      RedisScript script, List<String> keys, List<byte[]> arguments) {
    String[] named = keys.toArray(String[]::new);
    byte[][] values = arguments.toArray(byte[][]::new);
    return guarded(
        commands -> {
          String digest =
              digests.computeIfAbsent(script, unknown -> commands.digest(unknown.text()));
          CompletionStage<Long> known =
              commands.evalsha(digest, ScriptOutputType.INTEGER, named, values);
          return known.exceptionallyCompose(
              failure ->
                  isUnknownScript(failure)
                      ? commands.eval(script.text(), ScriptOutputType.INTEGER, named, values)
                      : CompletableFuture.failedStage(failure));
        });
  }

  /** Publishes a message to those who listen now; the number of them. */
  public CompletableFuture<Long> publish(String channel, byte[] message) {
    return guarded(commands -> commands.publish(channel, message));
  }

  /**
   * Runs a script in the order of the calls, whatever the state of the circuit and without a time
   * limit: the future completes when the server has answered or the connection is lost. For callers
   * who must know what became of a request that they gave up.
   */
  public CompletableFuture<Long> runInOrder(
      RedisScript script, List<String> keys, List<byte[]> arguments) {
    return connected()
        .thenCompose(
            connected ->
                connected
                    .commands()
                    .eval(
                        script.text(),
                        ScriptOutputType.INTEGER,
                        keys.toArray(String[]::new),
                        arguments.toArray(byte[][]::new)));
  }

  void close() {
    CompletableFuture<Connected> opened = connection.getAndSet(null);
    if (opened != null) {
      var _ = opened.thenCompose(connected -> connected.close().get());
    }
  }

  private <T extends @Nullable Object> CompletableFuture<T> guarded(
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    if (!circuit.tryAcquirePermission()) {
      return CompletableFuture.failedFuture(new RedisUnavailableException(name));
    }
    long start = System.nanoTime();
    CompletableFuture<T> answer =
        connected()
            .thenCompose(connected -> command.apply(connected.commands()))
            .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    var _ = answer.whenComplete((value, failure) -> record(System.nanoTime() - start, failure));
    return answer;
  }

  private void record(long nanos, @Nullable Throwable failure) {
    timer.record(nanos, TimeUnit.NANOSECONDS);
    if (failure == null) {
      circuit.onSuccess(nanos, TimeUnit.NANOSECONDS);
    } else {
      circuit.onError(nanos, TimeUnit.NANOSECONDS, failure);
    }
  }

  private CompletableFuture<Connected> connected() {
    CompletableFuture<Connected> opened = connection.get();
    if (opened != null) {
      return opened.copy();
    }
    var opening = new CompletableFuture<Connected>();
    if (!connection.compareAndSet(null, opening)) {
      return connected();
    }
    var _ =
        connector
            .get()
            .whenComplete(
                (connected, failure) -> {
                  if (failure == null) {
                    opening.complete(connected);
                  } else {
                    // The next call tries again.
                    connection.compareAndSet(opening, null);
                    opening.completeExceptionally(failure);
                  }
                });
    return opening.copy();
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof RedisNoScriptException
        || (failure instanceof CompletionException
            && failure.getCause() instanceof RedisNoScriptException);
  }

  @Override
  public String toString() {
    return name;
  }
}

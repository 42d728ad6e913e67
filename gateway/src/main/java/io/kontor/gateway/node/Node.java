package io.kontor.gateway.node;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node as the gateway sees it. It is down after a refused connection or two failed checks, until
 * a check succeeds. Its circuit opens when half of its last calls were lost or too late. When it is
 * back, its share of requests grows from a tenth to the whole.
 */
public final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final int CHECKS_UNTIL_DOWN = 2;
  private static final double LEAST_WEIGHT = 0.1;
  private static final CircuitBreakerConfig CIRCUIT =
      CircuitBreakerConfig.custom()
          .slidingWindowType(SlidingWindowType.COUNT_BASED)
          .slidingWindowSize(20)
          .minimumNumberOfCalls(5)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(5))
          .permittedNumberOfCallsInHalfOpenState(3)
          // A trial without an outcome keeps the node out no longer; one may take 35 s.
          .maxWaitDurationInHalfOpenState(Duration.ofMinutes(1))
          .build();

  private final URI url;
  private final long slowReturn;
  private final LongSupplier clock;
  private final CircuitBreaker circuit;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger failedChecks = new AtomicInteger();
  private volatile boolean isUp = true;
  private volatile @Nullable String ownerId;
  private volatile long returnedAt;

  /**
   * @param url scheme, host and port
   * @param slowReturn how long its share grows after it was away
   */
  public Node(URI url, Duration slowReturn) {
    this(url, slowReturn, System::nanoTime);
  }

  Node(URI url, Duration slowReturn, LongSupplier clock) {
    this.url = url;
    this.slowReturn = slowReturn.toNanos();
    this.clock = clock;
    this.returnedAt = clock.getAsLong() - this.slowReturn;
    this.circuit = CircuitBreaker.of(url.toString(), CIRCUIT);
    circuit
        .getEventPublisher()
        .onStateTransition(
            event -> {
              State state = event.getStateTransition().getToState();
              LOG.info("node circuit node={} state={}", url, state);
              if (state == State.CLOSED) {
                returnedAt = clock.getAsLong();
              }
            });
  }

  public URI url() {
    return url;
  }

  /** Whether it accepts connections and says that it is ready, as far as is known. */
  public boolean isUp() {
    return isUp;
  }

  /** The id by which it owns streams, as it has said; null while it owns none. */
  @Nullable String ownerId() {
    return ownerId;
  }

  /** Its circuit: {@code CLOSED} while its calls succeed. */
  public State circuit() {
    return circuit.getState();
  }

  /** Requests that it has not answered yet. */
  public int underWay() {
    return underWay.get();
  }

  /** Its share of requests, from 0.1 to 1. */
  public double weight() {
    long since = clock.getAsLong() - returnedAt;
    return since >= slowReturn ? 1 : Math.max(LEAST_WEIGHT, (double) since / slowReturn);
  }

  /** Whether it may get a request; if so, the request's outcome must be recorded. */
  boolean tryAcquire() {
    return isUp && circuit.tryAcquirePermission();
  }

  /** A request is on its way. */
  public void begin() {
    underWay.incrementAndGet();
  }

  /** A request is over, whatever came of it. */
  public void end() {
    underWay.decrementAndGet();
  }

  /** It answered, whatever the status. */
  public void answered(long nanos) {
    circuit.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request was lost on the way, or its answer too late. */
  public void lost(long nanos, Exception failure) {
    circuit.onError(nanos, TimeUnit.NANOSECONDS, failure);
  }

  /** It took no connection. */
  public void unreached(long nanos, Exception failure) {
    lost(nanos, failure);
    goDown("unreached");
  }

  /**
   * A check of its readiness has succeeded.
   *
   * @param id by which it says that it owns streams; null when it owns none
   */
  void ready(@Nullable String id) {
    ownerId = id;
    checked(true);
  }

  /** A check of its readiness is over. */
  void checked(boolean isReady) {
    if (!isReady) {
      if (failedChecks.incrementAndGet() >= CHECKS_UNTIL_DOWN) {
        goDown("not-ready");
      }
      return;
    }
    failedChecks.set(0);
    if (!isUp) {
      returnedAt = clock.getAsLong();
      isUp = true;
      LOG.info("node up node={}", url);
    }
  }

  private void goDown(String why) {
    if (isUp) {
      isUp = false;
      LOG.warn("node down node={} cause={}", url, why);
    }
  }

  @Override
  public String toString() {
    return url.toString();
  }
}

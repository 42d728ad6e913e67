package io.kontor.httpclient;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedTimeLimiterMetrics;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.kontor.httpclient.CallResult.Failed;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A client of one external party. A call has a timeout and a concurrency limit and fails at once
 * while the circuit is open; each of these is a {@link CallResult}, never an exception. The current
 * trace context is sent along. Calls block: make them where waiting is cheap and no lock is held.
 */
public final class ResilientHttpClient implements AutoCloseable {
  private static final int WINDOW = 20;
  private static final int TRIALS = 3;
  private static final float FAILURES_THAT_OPEN_PERCENT = 60;
  private static final long LARGEST_ANSWER_BYTES = 1 << 20;

  private final HttpClientSettings settings;
  private final HttpClient http;
  private final Bulkhead places;
  private final CircuitBreaker circuit;
  private final TimeLimiter timeLimiter;
  private final ResponseReader reader = new ResponseReader();

  /** Registers Resilience4j's metrics with {@code meters}, tagged with the name. */
  public ResilientHttpClient(HttpClientSettings settings, MeterRegistry meters) {
    this.settings = settings;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    var bulkheads =
        BulkheadRegistry.of(
            BulkheadConfig.custom()
                .maxConcurrentCalls(settings.concurrency())
                .maxWaitDuration(Duration.ZERO)
                .build());
    var circuits =
        CircuitBreakerRegistry.of(
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(WINDOW / 2)
                .failureRateThreshold(FAILURES_THAT_OPEN_PERCENT)
                .waitDurationInOpenState(settings.openFor())
                .permittedNumberOfCallsInHalfOpenState(TRIALS)
                .recordResult(Failed.class::isInstance)
                .build());
    var limiters =
        TimeLimiterRegistry.of(
            TimeLimiterConfig.custom().timeoutDuration(settings.timeout()).build());
    places = bulkheads.bulkhead(settings.name());
    circuit = circuits.circuitBreaker(settings.name());
    timeLimiter = limiters.timeLimiter(settings.name());
    TaggedBulkheadMetrics.ofBulkheadRegistry(bulkheads).bindTo(meters);
    TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(circuits).bindTo(meters);
    TaggedTimeLimiterMetrics.ofTimeLimiterRegistry(limiters).bindTo(meters);
  }

  public <T> CallResult<T> get(String path, Class<T> responseType) {
    return call("GET", path, null, responseType);
  }

  public <T> CallResult<T> put(String path, Object body, Class<T> responseType) {
    return call("PUT", path, body, responseType);
  }

  /**
   * @param body the request body; none when null
   */
  public <T> CallResult<T> post(String path, @Nullable Object body, Class<T> responseType) {
    return call("POST", path, body, responseType);
  }

  /** Cancels pending calls. */
  @Override
  public void close() {
    http.shutdownNow();
  }

  private <T> CallResult<T> call(
      String method, String path, @Nullable Object body, Class<T> responseType) {
    HttpRequest request = request(method, path, body);
    // The concurrency limit comes first: reaching it says nothing about the other party.
    if (!places.tryAcquirePermission()) {
      return new Failed<>(
          CallFailure.BULKHEAD_FULL,
          "%d calls to %s are under way".formatted(settings.concurrency(), settings.name()));
    }
    try {
      if (!circuit.tryAcquirePermission()) {
        return new Failed<>(
            CallFailure.CIRCUIT_OPEN,
            "too many calls to %s failed lately".formatted(settings.name()));
      }
      return recorded(request, responseType);
    } finally {
      places.onComplete();
    }
  }

  private <T> CallResult<T> recorded(HttpRequest request, Class<T> responseType) {
    long start = circuit.getCurrentTimestamp();
    boolean completed = false;
    try {
      CallResult<T> reply = exchange(request, responseType);
      circuit.onResult(circuit.getCurrentTimestamp() - start, circuit.getTimestampUnit(), reply);
      completed = true;
      return reply;
    } finally {
      if (!completed) {
        // Losing the permission of a trial call would keep the circuit half open for good.
        circuit.releasePermission();
      }
    }
  }

  private HttpRequest request(String method, String path, @Nullable Object body) {
    var request =
        HttpRequest.newBuilder(URI.create(settings.url() + path))
            .header("Accept", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(reader.written(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (settings.token() != null) {
      request.header("Authorization", "Bearer " + settings.token());
    }
    W3CTraceContextPropagator.getInstance()
        .inject(Context.current(), request, (sent, name, value) -> sent.header(name, value));
    return request.build();
  }

  private <T> CallResult<T> exchange(HttpRequest request, Class<T> responseType) {
    try {
      HttpResponse<byte[]> response =
          timeLimiter.executeFutureSupplier(
              () ->
                  http.sendAsync(
                      request,
                      BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES)));
      return reader.read(response.statusCode(), response.body(), responseType);
    } catch (TimeoutException late) {
      return new Failed<>(
          CallFailure.TIMEOUT,
          "no answer from %s within %d ms"
              .formatted(settings.name(), settings.timeout().toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Failed<>(CallFailure.INTERRUPTED, "this side is stopping");
    } catch (IOException broken) {
      return new Failed<>(
          CallFailure.CONNECTION,
          "the connection to %s failed: %s".formatted(settings.name(), broken));
    } catch (Exception unexpected) {
      return new Failed<>(
          CallFailure.CONNECTION,
          "the call to %s failed: %s".formatted(settings.name(), unexpected));
    }
  }
}

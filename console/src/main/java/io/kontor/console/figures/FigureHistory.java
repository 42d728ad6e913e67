package io.kontor.console.figures;

import static java.util.Objects.requireNonNullElse;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node did, sampled every ten seconds while it runs and kept for an hour: 360 samples of
 * a few numbers, in memory.
 */
public final class FigureHistory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FigureHistory.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int KEPT = 360;
  private static final String SHARED = "shared";
  private static final double MEDIAN = 0.5;
  private static final double ALL_BUT_ONE_PERCENT = 0.99;

  private final MeterRegistry meters;
  private final InstantSource clock;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private final ScheduledExecutorService sampler =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("figures").factory());
  private @Nullable Totals last;

  /**
   * @param clock of the samples' times
   */
  public FigureHistory(MeterRegistry meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Ten seconds, or what has passed since the sample before.
   *
   * @param at its end, in seconds since 1970
   * @param changes requests of the API a second that change something, refused ones included
   * @param events events a second in the store, of all nodes; null where events are kept elsewhere
   * @param p50 the time in milliseconds within which half of the API's requests were served; null
   *     without requests
   * @param p99 likewise, 99 of 100
   */
  public record Sample(
      long at,
      double changes,
      @Nullable Double events,
      @Nullable Double p50,
      @Nullable Double p99) {}

  /** What was counted up to a time. */
  private record Totals(
      Instant at, long changes, @Nullable Double position, RequestTimes requests) {}

  public void start() {
    var _ =
        sampler.scheduleAtFixedRate(this::sampleOrLog, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The samples after a time, oldest first. */
  public synchronized List<Sample> since(long epochSecond) {
    return samples.stream().filter(sample -> sample.at > epochSecond).toList();
  }

  /** The newest sample; null in the first seconds. */
  public synchronized @Nullable Sample newest() {
    return samples.peekLast();
  }

  synchronized void sample() {
    Totals before = last;
    Totals now = totals();
    if (before == null) {
      last = now;
      return;
    }
    double seconds = Duration.between(before.at, now.at).toNanos() / 1e9;
    if (seconds > 0) {
      RequestTimes requests = now.requests.since(before.requests);
      samples.add(
          new Sample(
              now.at.getEpochSecond(),
              (now.changes - before.changes) / seconds,
              now.position == null || before.position == null
                  ? null
                  : (now.position - before.position) / seconds,
              requests.within(MEDIAN),
              requests.within(ALL_BUT_ONE_PERCENT)));
      last = now;
    }
    if (samples.size() > KEPT) {
      samples.removeFirst();
    }
  }

  private void sampleOrLog() {
    try {
      sample();
    } catch (RuntimeException failure) {
      LOG.warn("figures not sampled cause={}", failure.toString());
    }
  }

  private Totals totals() {
    Collection<Timer> requests =
        meters.find("http.server.requests").timers().stream()
            .filter(FigureHistory::isOfTheApi)
            .toList();
    long changes = requests.stream().filter(FigureHistory::isChange).mapToLong(Timer::count).sum();
    return new Totals(clock.instant(), changes, position(), RequestTimes.of(requests));
  }

  /**
   * Of the shared database: a tenant's own is added while the node runs, with all its events. A
   * registry of several has the tag in its parts only.
   */
  private @Nullable Double position() {
    return meters.find("kontor.store.position").gauges().stream()
        .filter(gauge -> SHARED.equals(requireNonNullElse(gauge.getId().getTag("cell"), SHARED)))
        .findFirst()
        .map(Gauge::value)
        .orElse(null);
  }

  /** How long a stream was open is no time of a request. */
  private static boolean isOfTheApi(Timer timer) {
    String uri = String.valueOf(timer.getId().getTag("uri"));
    return uri.startsWith("/v1") && !uri.endsWith("/stream");
  }

  private static boolean isChange(Timer timer) {
    String method = timer.getId().getTag("method");
    return method != null && !method.equals("GET") && !method.equals("HEAD");
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}

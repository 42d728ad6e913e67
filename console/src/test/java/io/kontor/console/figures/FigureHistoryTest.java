package io.kontor.console.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kontor.console.figures.FigureHistory.Sample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The last hour of a node: what its meters counted between two samples. */
@Tag("fast")
class FigureHistoryTest {
  private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger position = new AtomicInteger();
  private Instant now = START;
  private final FigureHistory history = new FigureHistory(meters, () -> now);

  @AfterEach
  void close() {
    history.close();
  }

  @Test
  void aSampleHasRatesAndTimesSinceTheOneBefore() {
    Gauge.builder("kontor.store.position", position, AtomicInteger::get)
        .tag("cell", "shared")
        .register(meters);
    requests("/v1/transfers", "POST", 10, Duration.ofMillis(5));
    history.sample();
    assertThat(history.newest()).isNull();

    requests("/v1/transfers", "POST", 20, Duration.ofMillis(5));
    requests("/v1/accounts", "GET", 60, Duration.ofMillis(50));
    requests("/console", "GET", 500, Duration.ofSeconds(1));
    requests("/v1/notifications/stream", "GET", 500, Duration.ofMinutes(15));
    position.set(50);
    now = START.plusSeconds(10);
    history.sample();

    Sample newest = history.newest();
    assertThat(newest).isNotNull();
    assertThat(newest.at()).isEqualTo(START.getEpochSecond() + 10);
    assertThat(newest.changes()).isEqualTo(2, within(1e-9));
    assertThat(newest.events()).isEqualTo(5, within(1e-9));
    assertThat(newest.p50()).isBetween(10.0, 100.0);
    assertThat(newest.p99()).isBetween(90.0, 100.0);
  }

  @Test
  void eventsAreThoseOfTheSharedDatabase() {
    var own = new AtomicInteger();
    Gauge.builder("kontor.store.position", own, AtomicInteger::get)
        .tag("cell", "acme")
        .register(meters);
    Gauge.builder("kontor.store.position", position, AtomicInteger::get).register(meters);
    history.sample();
    own.set(1_000);
    position.set(50);
    now = START.plusSeconds(10);
    history.sample();
    assertThat(history.newest().events()).isEqualTo(5, within(1e-9));
  }

  @Test
  void aTimeWithoutRequestsHasNoTimes() {
    requests("/v1/accounts", "GET", 1, Duration.ofMillis(5));
    history.sample();
    now = START.plusSeconds(10);
    history.sample();
    assertThat(history.newest())
        .isEqualTo(new Sample(START.getEpochSecond() + 10, 0, null, null, null));
  }

  @Test
  void anHourIsKept() {
    IntStream.rangeClosed(0, 500)
        .forEach(
            n -> {
              now = START.plusSeconds(10L * n);
              history.sample();
            });
    List<Sample> kept = history.since(0);
    assertThat(kept).hasSize(360);
    assertThat(kept.getLast().at() - kept.getFirst().at()).isEqualTo(3_590);
    assertThat(history.since(kept.get(357).at())).hasSize(2);
  }

  private void requests(String uri, String method, int count, Duration time) {
    Timer timer =
        Timer.builder("http.server.requests")
            .tags("uri", uri, "method", method)
            .serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(100))
            .register(meters);
    for (int n = 0; n < count; n++) {
      timer.record(time);
    }
  }
}

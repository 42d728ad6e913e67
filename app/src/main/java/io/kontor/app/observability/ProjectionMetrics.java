package io.kontor.app.observability;

import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.live.ProjectionStatus;
import io.kontor.projection.live.ReadModelPositions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** Metrics of the projections on all nodes, read from the database when scraped. */
@Component
public class ProjectionMetrics implements MeterBinder {
  private static final long FRESH_NANOS = 1_000_000_000;

  private final ProjectionRunner engine;
  private final ReadModelPositions readModels;
  private List<ProjectionStatus> status = List.of();
  private long lookedUp;

  ProjectionMetrics(ProjectionRunner engine, ReadModelPositions readModels) {
    this.engine = engine;
    this.readModels = readModels;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    for (String name : engine.names()) {
      gauge(meters, name, "lag", "events that it is behind", ProjectionStatus::lag);
      gauge(meters, name, "parked", "events that it could not take", ProjectionStatus::parked);
      gauge(
          meters,
          name,
          "failing",
          "1 while this node can't run it",
          projection -> projection.failing() ? 1 : 0);
    }
  }

  private void gauge(
      MeterRegistry meters,
      String projection,
      String what,
      String meaning,
      ToDoubleFunction<ProjectionStatus> value) {
    Gauge.builder("kontor.projection." + what, this, metrics -> metrics.of(projection, value))
        .description(meaning)
        .tag("projection", projection)
        .register(meters);
  }

  private double of(String projection, ToDoubleFunction<ProjectionStatus> value) {
    return fresh().stream()
        .filter(one -> one.name().equals(projection))
        .mapToDouble(value)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Reads the status once for all gauges of a scrape. */
  private synchronized List<ProjectionStatus> fresh() {
    if (status.isEmpty() || System.nanoTime() - lookedUp > FRESH_NANOS) {
      status = readModels.status();
      lookedUp = System.nanoTime();
    }
    return status;
  }
}

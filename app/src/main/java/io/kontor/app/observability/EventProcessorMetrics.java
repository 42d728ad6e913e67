package io.kontor.app.observability;

import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.live.ReadModelPositions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lag of the event processors that run on this node. */
@Component
public class EventProcessorMetrics {
  private final EventProcessingConfiguration processing;
  private final ProjectionRunner projections;
  private final ReadModelPositions readModels;
  private final MeterRegistry meters;

  EventProcessorMetrics(
      EventProcessingConfiguration processing,
      ProjectionRunner projections,
      ReadModelPositions readModels,
      MeterRegistry meters) {
    this.processing = processing;
    this.projections = projections;
    this.readModels = readModels;
    this.meters = meters;
  }

  /** Registers the processors that have been started. */
  @EventListener(ApplicationReadyEvent.class)
  public void register() {
    processing
        .eventProcessors()
        .forEach(
            (name, processor) -> {
              if (processor instanceof StreamingEventProcessor process
                  && !projections.names().contains(name)) {
                Gauge.builder("kontor.process.lag", process, this::lag)
                    .description("events that its slowest segment here is behind")
                    .tag("process", name)
                    .register(meters);
              }
            });
  }

  private double lag(StreamingEventProcessor process) {
    long head = readModels.head();
    return process.processingStatus().values().stream()
        .mapToLong(segment -> head - position(segment))
        .max()
        .orElse(0);
  }

  private static long position(EventTrackerStatus segment) {
    return segment.getCurrentPosition().orElse(0);
  }
}

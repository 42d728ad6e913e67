package io.kontor.projection.live;

import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.projection.Projection;
import io.kontor.projection.deadletter.DeadLetterRequests;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.Projector;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jooq.DSLContext;
import org.springframework.context.SmartLifecycle;

/** Runs all projections on their own threads while the application runs. */
public final class ProjectionRunner implements SmartLifecycle {
  private final Map<String, Running> projections = new LinkedHashMap<>();
  private final StreamableMessageSource<TrackedEventMessage<?>> events;
  private final TransactionManager transactions;
  private final RebuildService rebuilds;
  private final boolean worksHere;
  private final DeadLetterRequests deadLetters;
  private volatile boolean running;

  /**
   * @param worksHere whether this process runs and rebuilds projections
   */
  public ProjectionRunner(
      List<? extends Projection<?>> projections,
      StreamableMessageSource<TrackedEventMessage<?>> events,
      TokenStore tokens,
      ProjectionDatabase worker,
      int batchSize,
      RebuildService rebuilds,
      boolean worksHere) {
    this.events = events;
    this.transactions = worker.transactions();
    this.rebuilds = rebuilds;
    this.worksHere = worksHere;
    this.deadLetters = new DeadLetterRequests(projections, worker, rebuilds.events());
    for (Projection<?> projection : projections) {
      var letters = worker.deadLetters(projection.name());
      var projector =
          new Projector<>(projection, worker.sql(), letters, worker.backoff(), changes -> {});
      var live = new ProjectionCheckpoint(projection.name(), worker.sql());
      var progress = new ProjectionPosition();
      var processor =
          TrackingEventProcessor.builder()
              .name(projection.name())
              .eventHandlerInvoker(
                  new ProjectionBatchInvoker(projection.name(), live, projector, progress::reached))
              .messageSource(events)
              .tokenStore(tokens)
              .transactionManager(transactions)
              .trackingEventProcessorConfiguration(
                  TokenClaimSettings.sought(
                      TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                          .andInitialTrackingToken(StreamableMessageSource::createTailToken)
                          .andBatchSize(batchSize)))
              .build();
      this.projections.put(
          projection.name(), new Running(projection.version(), live, progress, processor));
    }
  }

  /** The positions of the projections. */
  public ReadModelPositions readModels(DSLContext requests) {
    Map<String, ProjectionPosition> progress = new LinkedHashMap<>();
    projections.forEach((name, projection) -> progress.put(name, projection.progress()));
    return new ReadModelPositions(
        progress,
        requests,
        this::head,
        () -> rebuilds.events().head(),
        () -> rebuilds.events().watermark(),
        name -> Objects.requireNonNull(projections.get(name)).failing());
  }

  public Set<String> names() {
    return Collections.unmodifiableSet(projections.keySet());
  }

  @Override
  public boolean isAutoStartup() {
    return worksHere;
  }

  @Override
  public void start() {
    projections
        .values()
        .forEach(
            projection ->
                transactions.executeInTransaction(
                    () -> projection.live().register(projection.version())));
    rebuilds.start();
    deadLetters.start();
    projections.values().forEach(projection -> projection.processor().start());
    running = true;
  }

  @Override
  public void stop() {
    rebuilds.stop();
    deadLetters.stop();
    CompletableFuture.allOf(
            projections.values().stream()
                .map(projection -> projection.processor().shutdownAsync())
                .toArray(CompletableFuture[]::new))
        .join();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The projections that are stopped by an error in this process. */
  public Set<String> failing() {
    return projections.entrySet().stream()
        .filter(projection -> projection.getValue().failing())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private long head() {
    TrackingToken head = events.createHeadToken();
    return head == null ? 0 : head.position().orElse(0);
  }

  private record Running(
      int version,
      ProjectionCheckpoint live,
      ProjectionPosition progress,
      TrackingEventProcessor processor) {

    boolean failing() {
      return processor.isError()
          || processor.processingStatus().values().stream()
              .anyMatch(EventTrackerStatus::isErrorState);
    }
  }
}

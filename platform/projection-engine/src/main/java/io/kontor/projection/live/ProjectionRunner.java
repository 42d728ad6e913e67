package io.kontor.projection.live;

import io.kontor.eventstore.subscription.PromptEventProcessor;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.projection.Projection;
import io.kontor.projection.deadletter.DeadLetterRequests;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.ProjectorGroup;
import io.kontor.projection.write.ReadModelChange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs all projections while the application runs: one event processor hands each batch to all of
 * them, and {@link CatchUp} brings those forward that are behind.
 */
public final class ProjectionRunner implements SmartLifecycle {
  /** Name of the event processor. */
  public static final String PROCESSOR = "read-models";

  private final Map<String, ProjectionPosition> positions = new LinkedHashMap<>();
  private final List<Projection<?>> projections;
  private final StreamableMessageSource<TrackedEventMessage<?>> events;
  private final ProjectionDatabase worker;
  private final RebuildService rebuilds;
  private final boolean worksHere;
  private final DeadLetterRequests deadLetters;
  private final TrackingEventProcessor processor;
  private final CatchUp catchUp;

  /** The last position that this process has committed for all. */
  private final AtomicLong committed = new AtomicLong();

  private volatile ReadModelListener listener = changes -> {};
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
    this.projections = List.copyOf(projections);
    this.events = events;
    this.worker = worker;
    this.rebuilds = rebuilds;
    this.worksHere = worksHere;
    this.deadLetters = new DeadLetterRequests(projections, worker, rebuilds.events());
    projections.forEach(projection -> positions.put(projection.name(), new ProjectionPosition()));
    var group = new ProjectorGroup(projections, worker);
    this.processor =
        new PromptEventProcessor(
            TrackingEventProcessor.builder()
                .name(PROCESSOR)
                .eventHandlerInvoker(new ProjectionBatchInvoker(group, this::committed))
                .messageSource(events)
                .tokenStore(tokens)
                .transactionManager(worker.transactions())
                .trackingEventProcessorConfiguration(
                    TokenClaimSettings.sought(
                        TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                            .andInitialTrackingToken(this::initialToken)
                            .andBatchSize(batchSize))));
    this.catchUp =
        new CatchUp(
            projections, group, worker, rebuilds.events(), batchSize, this::level, this::caughtUp);
  }

  /** Starts where the foremost projection is; all others are brought there. */
  private @Nullable TrackingToken initialToken(
      StreamableMessageSource<TrackedEventMessage<?>> source) {
    long foremost =
        projections.stream()
            .mapToLong(projection -> checkpoint(projection).position())
            .max()
            .orElse(0);
    return foremost == 0 ? source.createTailToken() : new GlobalSequenceTrackingToken(foremost);
  }

  /** Sets what receives the changes of the read models; call it before the start. */
  public void onChange(ReadModelListener listener) {
    this.listener = listener;
  }

  private void caughtUp(ReadModelChange change) {
    listener.changed(List.of(change));
    position(change.projection()).reached(change.to());
  }

  private void committed(long position, Set<String> leftOut, List<ReadModelChange> changed) {
    listener.changed(changed);
    committed.accumulateAndGet(position, Math::max);
    positions.forEach(
        (name, known) -> {
          if (!leftOut.contains(name)) {
            known.reached(position);
          }
        });
    if (!leftOut.isEmpty()) {
      catchUp.wake();
    }
  }

  private long level() {
    return processor.processingStatus().values().stream()
        .mapToLong(segment -> Math.max(committed.get(), segment.getCurrentPosition().orElse(0)))
        .max()
        .orElse(0);
  }

  private ProjectionPosition position(String projection) {
    return Objects.requireNonNull(positions.get(projection), projection);
  }

  private ProjectionCheckpoint checkpoint(Projection<?> projection) {
    return new ProjectionCheckpoint(projection.name(), worker.sql());
  }

  /** The positions of the projections. */
  public ReadModelPositions readModels(DSLContext requests) {
    return new ReadModelPositions(
        positions,
        requests,
        this::head,
        () -> rebuilds.events().head(),
        () -> rebuilds.events().watermark(),
        name -> failing().contains(name));
  }

  public Set<String> names() {
    return Collections.unmodifiableSet(positions.keySet());
  }

  @Override
  public boolean isAutoStartup() {
    return worksHere;
  }

  @Override
  public void start() {
    worker
        .transactions()
        .executeInTransaction(
            () ->
                projections.forEach(
                    projection -> checkpoint(projection).register(projection.version())));
    rebuilds.start();
    deadLetters.start();
    processor.start();
    catchUp.start();
    running = true;
  }

  @Override
  public void stop() {
    rebuilds.stop();
    deadLetters.stop();
    catchUp.stop();
    processor.shutdownAsync().join();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The projections that are stopped by an error in this process. */
  public Set<String> failing() {
    boolean stopped =
        processor.isError()
            || processor.processingStatus().values().stream()
                .anyMatch(EventTrackerStatus::isErrorState);
    return stopped ? names() : catchUp.failing();
  }

  private long head() {
    TrackingToken head = events.createHeadToken();
    return head == null ? 0 : head.position().orElse(0);
  }
}

package io.kontor.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.eventstore.subscription.TokenStores;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import io.kontor.projection.rebuild.Generation;
import io.kontor.projection.write.BatchWriter;
import io.kontor.projection.write.GenerationSchema;
import io.kontor.projection.write.ProjectionDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jooq.DSLContext;

/**
 * Axon's replay: reset tokens, empty tables with indexes, and a handler call for each event. The
 * handlers are the projections, which write each event's changes at once.
 */
public final class AxonReplayBaseline {
  private final List<? extends Projection<?>> projections;
  private final DataSource worker;
  private final StreamableMessageSource<TrackedEventMessage<?>> events;
  private final Serializer serializer;

  public AxonReplayBaseline(
      List<? extends Projection<?>> projections,
      DataSource worker,
      StreamableMessageSource<TrackedEventMessage<?>> events,
      Serializer serializer) {
    this.projections = projections;
    this.worker = worker;
    this.events = events;
    this.serializer = serializer;
  }

  /** Events per second in a sample from the first event on; batch 0 means Axon's default. */
  public double perSecond(int batch, int segments, Duration sample) throws InterruptedException {
    try (var pool = pool()) {
      ProjectionDatabase database = ProjectionDatabase.of(pool, serializer, List.of());
      var generation = new Generation(database, GenerationSchema.SCRATCH, List.copyOf(projections));
      database.transactions().executeInTransaction(generation::create);
      database
          .transactions()
          .executeInTransaction(() -> generation.missingIndexes().forEach(generation::add));
      String name = "stock-%d-%d".formatted(batch, segments);
      var handled = new AtomicLong();
      TrackingEventProcessor processor = processor(name, database, batch, segments, handled);
      processor.start();
      try {
        TimeUnit.NANOSECONDS.sleep(sample.toNanos() / 3);
        long from = handled.get();
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(sample.toNanos());
        return (handled.get() - from) * 1e9 / (System.nanoTime() - start);
      } finally {
        processor.shutDown();
        database.sql().execute("delete from kontor.token where processor = ?", name);
        database.transactions().executeInTransaction(generation::drop);
      }
    }
  }

  private TrackingEventProcessor processor(
      String name, ProjectionDatabase database, int batch, int segments, AtomicLong handled) {
    var configuration =
        TrackingEventProcessorConfiguration.forParallelProcessing(segments)
            .andInitialTrackingToken(StreamableMessageSource::createTailToken);
    return TrackingEventProcessor.builder()
        .name(name)
        .eventHandlerInvoker(
            SimpleEventHandlerInvoker.builder()
                .eventHandlers(
                    new Handlers(projections, database.in(GenerationSchema.SCRATCH), handled))
                .build())
        .messageSource(events)
        .tokenStore(TokenStores.store(database.dataSource(), Jackson3Serializer.builder().build()))
        .transactionManager(database.transactions())
        .trackingEventProcessorConfiguration(
            batch == 0 ? configuration : configuration.andBatchSize(batch))
        .build();
  }

  private HikariDataSource pool() {
    var config = new HikariConfig();
    config.setDataSource(worker);
    config.setMaximumPoolSize(16);
    return new HikariDataSource(config);
  }

  /** Writes each event's changes on its own. */
  private record Handlers(
      List<? extends Projection<?>> projections, DSLContext sql, AtomicLong handled) {

    @SuppressWarnings("unused") // called by the framework
    @EventHandler
    void on(Object event, EventMessage<?> message) {
      for (Projection<?> projection : projections) {
        project(projection, event, message);
      }
      handled.incrementAndGet();
    }

    private <E> void project(Projection<E> projection, Object event, EventMessage<?> message) {
      if (!projection.events().isInstance(event)) {
        return;
      }
      var changes = new RowChanges();
      EventContext recorded = EventContext.of(message);
      projection.project(projection.events().cast(event), recorded, changes);
      if (!changes.isEmpty()) {
        new BatchWriter(sql, recorded.tenant()).write(changes);
      }
    }
  }
}

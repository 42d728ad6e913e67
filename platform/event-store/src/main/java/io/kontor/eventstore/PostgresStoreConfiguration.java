package io.kontor.eventstore;

import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.breaker.BreakerProperties;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.listen.NotificationSubscription;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.migration.PostMigrationTask;
import io.kontor.eventstore.aggregate.SnapshotWriter;
import io.kontor.eventstore.append.CommitQueue;
import io.kontor.eventstore.append.GroupCommit;
import io.kontor.eventstore.append.PostgresEventStorageEngine;
import io.kontor.eventstore.append.PostgresEventStore;
import io.kontor.eventstore.append.PostgresIdempotencyStore;
import io.kontor.eventstore.append.StopOnRewind;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.command.DurableCommandBus;
import io.kontor.eventstore.event.StoreBinding;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.eventstore.idempotency.IdempotencyStore;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.read.StreamReader;
import io.kontor.eventstore.subscription.AppendNotificationHandler;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandBusSpanFactory;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.tracing.SpanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The event store in PostgreSQL, used unless the Axon Server profile is active. */
@Configuration(proxyBeanMethods = false)
@Profile("!" + EventStoreConfiguration.AXON_SERVER)
@EnableConfigurationProperties(BreakerProperties.class)
class PostgresStoreConfiguration {

  /** A database of one tenant only is bound to that tenant. */
  @Bean
  PostMigrationTask storeBinding(ObjectProvider<StoreBinding> cell) {
    return cell.getIfAvailable(() -> StoreBinding.POSTGRES).required();
  }

  @Bean
  DatabaseBreaker appendBreaker(
      @Qualifier("writerDataSource") DataSource writer, BreakerProperties properties) {
    return DatabaseBreaker.ofWrites("append", properties, writer);
  }

  @Bean
  CommitQueue commitQueue(
      StreamLocks locks, EventStoreProperties properties, DatabaseBreaker appendBreaker) {
    return new CommitQueue(
        locks,
        properties.maxQueuedCommands(),
        properties.maxQueuedBytes().toBytes(),
        appendBreaker::isOpen);
  }

  @Bean
  MeterBinder commitQueueMetrics(CommitQueue queue, EventStoreProperties properties) {
    return meters -> {
      Gauge.builder("kontor.store.queued", queue, CommitQueue::size)
          .description("commands that wait for the disk")
          .register(meters);
      Gauge.builder("kontor.store.queued.max", properties, EventStoreProperties::maxQueuedCommands)
          .description("how many may")
          .register(meters);
    };
  }

  @Bean
  MeterBinder storePosition(EventFeed feed) {
    return meters ->
        Gauge.builder("kontor.store.position", feed, EventFeed::head)
            .description("the position of the newest event that the node knows of")
            .register(meters);
  }

  @Bean
  EventFeed eventFeed(EventStoreProperties properties) {
    return new EventFeed(properties.feedSize().toBytes());
  }

  @Bean
  StreamReader eventTable(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      @Qualifier("workerDataSource") DataSource worker,
      RewindGuard guard) {
    return new StreamReader(appTransactions, app, worker, guard);
  }

  @Bean
  WriterStatus writerStatus() {
    return new WriterStatus();
  }

  @Bean
  RewindGuard rewindGuard(CommitQueue queue, EventFeed feed, WriterStatus status) {
    return new RewindGuard(new StopOnRewind(queue, feed, status));
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  GroupCommit groupCommit(
      CommitQueue queue,
      @Qualifier("writerDataSource") DataSource writer,
      EventFeed feed,
      RewindGuard guard,
      EventStoreProperties properties,
      WriterStatus status,
      DatabaseBreaker appendBreaker) {
    return new GroupCommit(
        queue, writer, feed, guard, properties.commandTimeout(), status, appendBreaker);
  }

  @Bean
  NotificationSubscription eventNews(
      PostgresNotificationListener listener,
      DatabaseConnectionDetails database,
      EventFeed feed,
      RewindGuard guard,
      @Qualifier("sessionsDataSource") DataSource sessions,
      @Qualifier("workerDataSource") DataSource worker) {
    return AppendNotificationHandler.subscribe(
        listener, database.schema(), feed, guard, sessions, worker);
  }

  @Bean
  PostgresEventStorageEngine eventStorageEngine(
      @Qualifier("eventSerializer") Serializer events,
      @Qualifier("snapshotSerializer") Serializer snapshots,
      ObjectProvider<EventUpcaster> upcasters,
      StreamReader table,
      CommitQueue queue,
      StreamLocks locks,
      RewindGuard guard,
      SpanFactory spans) {
    return new PostgresEventStorageEngine(
        events,
        snapshots,
        new EventUpcasterChain(upcasters.orderedStream().toList()),
        table,
        queue,
        locks,
        guard,
        spans);
  }

  @Bean
  PostgresEventStore eventStore(PostgresEventStorageEngine engine, EventFeed feed) {
    return new PostgresEventStore(engine, feed);
  }

  @Bean
  IdempotencyStore answerStore(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      CommitQueue queue) {
    return new PostgresIdempotencyStore(appTransactions, app, queue);
  }

  @Bean
  SnapshotWriter.Store snapshotStore(StreamReader table) {
    return table::storeSnapshot;
  }

  @Bean
  @Qualifier("localSegment")
  CommandBus commandBus(
      PostgresEventStore store,
      IdempotencyRecords answers,
      ObjectProvider<CorrelationDataProvider> correlation,
      CommandBusSpanFactory spans) {
    return DurableCommandBus.of(store, answers, correlation.orderedStream().toList(), spans);
  }
}

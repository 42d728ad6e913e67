package io.kontor.eventstore.axonserver;

import io.kontor.database.migration.PostMigrationTask;
import io.kontor.eventstore.EventStoreConfiguration;
import io.kontor.eventstore.EventStoreProperties;
import io.kontor.eventstore.aggregate.SnapshotWriter;
import io.kontor.eventstore.command.DurableCommandBus;
import io.kontor.eventstore.event.StoreBinding;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.eventstore.idempotency.IdempotencyStore;
import javax.sql.DataSource;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.axonserver.connector.command.AxonServerCommandBus;
import org.axonframework.axonserver.connector.command.CommandLoadFactorProvider;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandBusSpanFactory;
import org.axonframework.commandhandling.distributed.RoutingStrategy;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.tracing.SpanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/**
 * The event store in Axon Server, with commands routed through it. The starter configures the query
 * bus and the connection ({@code axon.axonserver}).
 */
@Configuration(proxyBeanMethods = false)
@Profile(EventStoreConfiguration.AXON_SERVER)
public class AxonServerStoreConfiguration {

  @Bean
  PostMigrationTask storeBinding(Environment environment) {
    return StoreBinding.axonServer(AxonServerProperties.of(environment).context()).required();
  }

  @Bean
  AxonServerEventStorageEngine eventStorageEngine(
      @Qualifier("eventSerializer") Serializer events,
      @Qualifier("snapshotSerializer") Serializer snapshots,
      ObjectProvider<EventUpcaster> upcasters,
      AxonServerConnectionManager connections,
      EventStoreProperties properties,
      SpanFactory spans) {
    return new AxonServerEventStorageEngine(
        events,
        snapshots,
        new EventUpcasterChain(upcasters.orderedStream().toList()),
        () -> connections.getConnection().eventChannel(),
        properties.commandTimeout(),
        spans);
  }

  @Bean
  AxonServerEventStore eventStore(AxonServerEventStorageEngine engine) {
    return new AxonServerEventStore(engine);
  }

  @Bean
  IdempotencyStore answerStore(AxonServerEventStorageEngine engine) {
    return new AxonServerIdempotencyStore(engine);
  }

  @Bean
  SnapshotWriter.Store snapshotStore(AxonServerEventStorageEngine engine) {
    return engine::storeSnapshot;
  }

  @Bean
  EventTableReplicator eventCopy(
      AxonServerEventStorageEngine engine,
      @Qualifier("sessionsDataSource") DataSource sessions,
      @Qualifier("eventSerializer") Serializer events) {
    return new EventTableReplicator(engine, sessions, events);
  }

  /** Handles commands on this node, local and remote ones. */
  @Bean
  @Qualifier("localSegment")
  CommandBus localSegment(
      AxonServerEventStore store,
      IdempotencyRecords answers,
      ObjectProvider<CorrelationDataProvider> correlation,
      CommandBusSpanFactory spans) {
    return DurableCommandBus.of(store, answers, correlation.orderedStream().toList(), spans);
  }

  /** Routes a command to a node by its stream, as long as that node is connected. */
  @Bean
  @Primary
  DurableAxonServerCommandBus commandBus(
      AxonServerConnectionManager connections,
      AxonServerConfiguration configuration,
      @Qualifier("localSegment") CommandBus local,
      @Qualifier("messageSerializer") Serializer messages,
      RoutingStrategy routing,
      CommandLoadFactorProvider load,
      CommandBusSpanFactory spans) {
    return new DurableAxonServerCommandBus(
        AxonServerCommandBus.builder()
            .axonServerConnectionManager(connections)
            .configuration(configuration)
            .localSegment(local)
            .serializer(messages)
            .routingStrategy(routing)
            .loadFactorProvider(load)
            .spanFactory(spans));
  }
}

package io.kontor.eventstore;

import io.kontor.eventstore.aggregate.AggregateCache;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import io.kontor.eventstore.aggregate.SnapshotWriter;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.command.CachingCommandTargetResolver;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.eventstore.idempotency.IdempotencyStore;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.subscription.TokenStores;
import javax.sql.DataSource;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The event store and its subscribers. Only the worker login appends and reads the events of all
 * tenants.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventStoreProperties.class)
@Import(PostgresStoreConfiguration.class)
public class EventStoreConfiguration {
  /** The profile with Axon Server as event store and message router. */
  public static final String AXON_SERVER = "axonserver";

  @Bean
  StreamLocks streamLocks() {
    return new StreamLocks();
  }

  @Bean
  AggregateCache streamCache(EventStoreProperties properties) {
    return new AggregateCache(properties.cacheSize().toBytes());
  }

  @Bean(destroyMethod = "stop")
  SnapshotWriter snapshots(
      SnapshotWriter.Store store,
      @Qualifier("snapshotSerializer") Serializer serializer,
      EventStoreProperties properties) {
    return new SnapshotWriter(store, serializer, properties.snapshotEvery());
  }

  @Bean
  AggregateRepositories streams(
      EventStore store, AggregateCache cache, StreamLocks locks, SnapshotWriter snapshots) {
    return new AggregateRepositories(store, cache, locks, snapshots);
  }

  @Bean
  CommandTargetResolver commandTargets() {
    return new CachingCommandTargetResolver();
  }

  @Bean
  IdempotencyRecords answers(IdempotencyStore store) {
    return new IdempotencyRecords(store);
  }

  @Bean
  TokenStore tokenStore(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("serializer") Serializer serializer,
      ObjectProvider<RewindGuard> guards) {
    return TokenStores.store(worker, serializer, guards.getIfAvailable());
  }
}

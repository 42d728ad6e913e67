package io.kontor.eventstore;

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

/** The event store and what works on it. Appending and following it are the worker's alone. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventStoreProperties.class)
@Import({PostgresStoreConfiguration.class, AxonServerStoreConfiguration.class})
public class EventStoreConfiguration {
  /** The profile in which Axon Server keeps the events and carries the messages. */
  public static final String AXON_SERVER = "axonserver";

  @Bean
  StreamLocks streamLocks() {
    return new StreamLocks();
  }

  @Bean
  StreamCache streamCache(EventStoreProperties properties) {
    return new StreamCache(properties.cacheSize().toBytes());
  }

  @Bean(destroyMethod = "stop")
  Snapshots snapshots(
      Snapshots.Store store,
      @Qualifier("snapshotSerializer") Serializer serializer,
      EventStoreProperties properties) {
    return new Snapshots(store, serializer, properties.snapshotEvery());
  }

  @Bean
  Streams streams(EventStore store, StreamCache cache, StreamLocks locks, Snapshots snapshots) {
    return new Streams(store, cache, locks, snapshots);
  }

  @Bean
  CommandTargetResolver commandTargets() {
    return new CommandTargets();
  }

  @Bean
  Answers answers(AnswerStore store) {
    return new Answers(store);
  }

  @Bean
  TokenStore tokenStore(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("serializer") Serializer serializer,
      ObjectProvider<RewindGuard> guards) {
    RewindGuard guard = guards.getIfAvailable();
    return guard == null
        ? TokenTable.store(worker, serializer)
        : TokenTable.guarded(worker, serializer, guard);
  }
}

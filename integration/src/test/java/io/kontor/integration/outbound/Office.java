package io.kontor.integration.outbound;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.eventstore.subscription.TokenStores;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.outbox.EventPublisher;
import io.kontor.integration.outbox.PublisherLag;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Events to publish, and a database with the publisher's token. */
public final class Office implements AutoCloseable {
  public static final Instant OPENING = Instant.parse("2026-01-30T09:00:00Z");

  final TestDatabase database = TestDatabase.create();
  final HikariDataSource worker = pool(database);
  public final EmbeddedEventStore events = noEvents();
  final TransactionManager transactions =
      new SpringTransactionManager(new JdbcTransactionManager(worker));
  private final Map<String, Long> versions = new HashMap<>();

  public static EmbeddedEventStore noEvents() {
    return EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine(1)).build();
  }

  /** Appends an event to a stream, {@code <tenant>/<uuid>}. */
  public void happens(String stream, Object event) {
    long version = versions.merge(stream, 0L, (last, zero) -> last + 1);
    events.publish(
        new GenericDomainEventMessage<>(
            "Stream",
            stream,
            version,
            event,
            MetaData.with(TenantMessageInterceptor.KEY, stream.substring(0, stream.indexOf('/')))
                .and("correlationId", "corr-1"),
            UUID.randomUUID().toString(),
            OPENING.plusMillis(version)));
  }

  /** The token as a node claims it. */
  public TokenStore tokens(String node) {
    return TokenStores.settings(worker, Jackson3Serializer.builder().build())
        .nodeId(node)
        .claimTimeout(Duration.ofSeconds(2))
        .build();
  }

  public EventPublisher publisher(KafkaProperties settings) {
    return publisher("node", settings);
  }

  public EventPublisher publisher(String node, KafkaProperties settings) {
    return publisher(tokens(node), settings);
  }

  public EventPublisher publisher(TokenStore tokens, KafkaProperties settings) {
    return publisher(events, tokens, settings);
  }

  public EventPublisher publisher(
      EmbeddedEventStore events, TokenStore tokens, KafkaProperties settings) {
    return new EventPublisher(events, tokens, transactions, settings, new SimpleMeterRegistry());
  }

  public PublisherLag lag() {
    return new PublisherLag(worker, () -> events.createHeadToken().position().orElse(0));
  }

  private static HikariDataSource pool(TestDatabase database) {
    var config = new HikariConfig();
    config.setDataSource(database.worker());
    config.setMaximumPoolSize(8);
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    worker.close();
    database.close();
  }
}

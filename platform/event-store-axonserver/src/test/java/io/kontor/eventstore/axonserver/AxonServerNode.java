package io.kontor.eventstore.axonserver;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.kontor.eventstore.Counter;
import io.kontor.eventstore.Counter.Added;
import io.kontor.eventstore.Counter.Started;
import io.kontor.eventstore.Counter.Total;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.aggregate.AggregateCache;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import io.kontor.eventstore.aggregate.SnapshotWriter;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.command.DurableCommandBus;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.messaging.annotation.ClasspathHandlerDefinition;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.axonframework.tracing.NoOpSpanFactory;

/**
 * A process that counts and keeps its events in Axon Server. It handles every command that it
 * receives.
 */
final class AxonServerNode implements AutoCloseable {
  static final int SNAPSHOT_EVERY = 10;

  /** A tenant that no other test run uses. */
  final TenantId tenant;

  final Serializer serializer =
      NamedTypeSerializer.of(
          Jackson3Serializer.builder(), Map.of("started", Started.class, "added", Added.class));
  final AxonServerEventStorageEngine engine;
  final AxonServerEventStore store;
  final IdempotencyRecords answers;
  private final AxonServerConnectionManager connections;
  private final CommandBus commands;
  private final SnapshotWriter snapshots;
  private final Configuration axon;

  AxonServerNode(String address, TenantId tenant) {
    this.tenant = tenant;
    var settings = AxonServerConfiguration.builder().servers(address).build();
    settings.setComponentName("counter");
    settings.setClientId(UUID.randomUUID().toString());
    settings.setReconnectInterval(20);
    connections =
        AxonServerConnectionManager.builder()
            .routingServers(address)
            .axonServerConfiguration(settings)
            .build();
    connections.start();
    var fields =
        Jackson3Serializer.builder()
            .jsonMapperBuilderCustomizer(
                json ->
                    json.changeDefaultVisibility(
                        seen -> seen.withVisibility(PropertyAccessor.FIELD, Visibility.ANY)))
            .build();
    engine =
        new AxonServerEventStorageEngine(
            serializer,
            fields,
            NoOpEventUpcaster.INSTANCE,
            () -> connections.getConnection().eventChannel(),
            Duration.ofSeconds(5),
            NoOpSpanFactory.INSTANCE);
    store = new AxonServerEventStore(engine);
    answers = new IdempotencyRecords(new AxonServerIdempotencyStore(engine));
    snapshots = new SnapshotWriter(engine::storeSnapshot, fields, SNAPSHOT_EVERY);
    commands = new DurableCommandBus(SimpleCommandBus.builder(), store, answers);
    var streams =
        new AggregateRepositories(store, new AggregateCache(1 << 20), new StreamLocks(), snapshots);
    axon =
        DefaultConfigurer.defaultConfiguration(false)
            .configureEventStore(c -> store)
            .configureCommandBus(c -> commands)
            .configureSerializer(c -> serializer)
            .configureAggregate(
                AggregateConfigurer.defaultConfiguration(Counter.class)
                    .configureRepository(
                        c ->
                            streams.repositoryOf(
                                Counter.class,
                                ClasspathParameterResolverFactory.forClass(Counter.class),
                                ClasspathHandlerDefinition.forClass(Counter.class))))
            .start();
    commands.registerHandlerInterceptor(
        new CorrelationDataInterceptor<>(
            new SimpleCorrelationDataProvider(TenantMessageInterceptor.KEY)));
    var tenants = new TenantMessageInterceptor();
    commands.registerDispatchInterceptor(tenants);
    commands.registerHandlerInterceptor(tenants);
  }

  String newStream() {
    return tenant + "/" + UUID.randomUUID();
  }

  /** The command's result; throws its rejection. */
  Total send(Object command) {
    CommandResultMessage<?> result = result(command, Map.of());
    if (result.isExceptional()) {
      throw result.exceptionResult() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(result.exceptionResult());
    }
    return result.getPayload() instanceof Total total ? total : new Total(0, 0);
  }

  /** Sends under an idempotency key. */
  CommandResultMessage<?> sendOnce(String key, Object command) {
    return result(
        command,
        Map.of(
            IdempotencyRecords.IDEMPOTENCY_KEY,
            key,
            IdempotencyRecords.REQUEST_FINGERPRINT,
            "print"));
  }

  private CommandResultMessage<?> result(Object command, Map<String, ?> metadata) {
    var result = new AtomicReference<CommandResultMessage<?>>();
    TenantContext.run(
        tenant,
        () ->
            commands.<Object, Object>dispatch(
                GenericCommandMessage.asCommandMessage(command).andMetaData(metadata),
                (sent, answer) -> result.set(answer)));
    return result.get();
  }

  @Override
  public void close() {
    try {
      snapshots.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    axon.shutdown();
    connections.shutdown();
  }
}

package io.kontor.eventstore;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.breaker.BreakerProperties;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.eventstore.Counter.Added;
import io.kontor.eventstore.Counter.Started;
import io.kontor.eventstore.aggregate.AggregateCache;
import io.kontor.eventstore.aggregate.AggregateRepositories;
import io.kontor.eventstore.aggregate.SnapshotWriter;
import io.kontor.eventstore.append.CommitQueue;
import io.kontor.eventstore.append.GroupCommit;
import io.kontor.eventstore.append.PostgresEventStorageEngine;
import io.kontor.eventstore.append.PostgresEventStore;
import io.kontor.eventstore.append.PostgresIdempotencyStore;
import io.kontor.eventstore.append.StopOnRewind;
import io.kontor.eventstore.append.StreamLocks;
import io.kontor.eventstore.command.DurableCommandBus;
import io.kontor.eventstore.event.WriterStatus;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.eventstore.read.RewindGuard;
import io.kontor.eventstore.read.StreamReader;
import io.kontor.eventstore.subscription.AppendNotificationHandler;
import io.kontor.eventstore.subscription.EventFeed;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
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
import org.axonframework.modelling.command.Repository;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.axonframework.tracing.NoOpSpanFactory;

/** A node that counts, with its own writer, cache and feed. Several may share a database. */
public final class CounterNode implements AutoCloseable {
  static final TenantId ACME = new TenantId("acme");
  public static final String ACTOR = "actor";
  static final int SNAPSHOT_EVERY = 10;

  final StreamLocks locks = new StreamLocks();
  final CommitQueue queue;
  final AggregateCache cache = new AggregateCache(1 << 20);
  final EventFeed feed = new EventFeed(32L << 20);
  final PostgresEventStorageEngine engine;
  final PostgresEventStore store;
  final Repository<Counter> counters;
  final WriterStatus status = new WriterStatus();
  final IdempotencyRecords answers;
  final CommandBus commands;
  final RewindGuard guard;
  private final StreamReader table;
  private final GroupCommit writer;
  private final PostgresNotificationListener news;
  private final SnapshotWriter snapshots;
  private final Configuration axon;
  private final DatabaseBreaker breaker;
  private final HikariDataSource app;
  private final HikariDataSource worker;

  static DatabaseBreaker breaker(DataSource writerLogin) {
    var properties = new BreakerProperties(5, 2, Duration.ofMinutes(1), Duration.ofMillis(100));
    return DatabaseBreaker.ofWrites("append", properties, writerLogin);
  }

  public CounterNode(DataSource app, DataSource worker) {
    this(app, worker, worker, 10_000);
  }

  public CounterNode(DataSource app, DataSource worker, int maxQueued) {
    this(app, worker, worker, maxQueued);
  }

  public CounterNode(
      DataSource appLogin, DataSource workerLogin, DataSource writerLogin, int maxQueued) {
    app = pool(appLogin);
    worker = pool(workerLogin);
    Map<String, Class<?>> names = Map.of("started", Started.class, "added", Added.class);
    var events = NamedTypeSerializer.of(Jackson3Serializer.builder(), names);
    var fields =
        NamedTypeSerializer.of(
            Jackson3Serializer.builder()
                .jsonMapperBuilderCustomizer(
                    json ->
                        json.changeDefaultVisibility(
                            seen -> seen.withVisibility(PropertyAccessor.FIELD, Visibility.ANY))),
            Map.of());
    var tenant = new TenantTransactions(app);
    breaker = breaker(writerLogin);
    queue = new CommitQueue(locks, maxQueued, 64L << 20, breaker::isOpen);
    guard = new RewindGuard(new StopOnRewind(queue, feed, status));
    table = new StreamReader(tenant, app, worker, guard);
    writer =
        new GroupCommit(queue, writerLogin, feed, guard, Duration.ofSeconds(10), status, breaker);
    news = new PostgresNotificationListener(worker);
    AppendNotificationHandler.subscribe(
        news, DatabaseSchema.SHARED, feed, guard, workerLogin, worker);
    snapshots = new SnapshotWriter(table::storeSnapshot, fields, SNAPSHOT_EVERY);
    engine =
        new PostgresEventStorageEngine(
            events,
            fields,
            NoOpEventUpcaster.INSTANCE,
            table,
            queue,
            locks,
            guard,
            NoOpSpanFactory.INSTANCE);
    store = new PostgresEventStore(engine, feed);
    answers = new IdempotencyRecords(new PostgresIdempotencyStore(tenant, app, queue));
    var streams = new AggregateRepositories(store, cache, locks, snapshots);
    counters =
        streams.repositoryOf(
            Counter.class,
            ClasspathParameterResolverFactory.forClass(Counter.class),
            ClasspathHandlerDefinition.forClass(Counter.class));
    commands = new DurableCommandBus(SimpleCommandBus.builder(), store, answers);
    var tenants = new TenantMessageInterceptor();
    axon =
        DefaultConfigurer.defaultConfiguration(false)
            .configureEventStore(c -> store)
            .configureCommandBus(c -> commands)
            .configureSerializer(c -> events)
            .configureAggregate(
                AggregateConfigurer.defaultConfiguration(Counter.class)
                    .configureRepository(c -> counters))
            .start();
    commands.subscribe(
        Counter.Move.class.getName(),
        command -> Counter.move((Counter.Move) command.getPayload(), counters));
    commands.registerHandlerInterceptor(
        new CorrelationDataInterceptor<>(
            new SimpleCorrelationDataProvider(TenantMessageInterceptor.KEY, ACTOR)));
    commands.registerDispatchInterceptor(tenants);
    commands.registerHandlerInterceptor(tenants);
    writer.start();
    news.start();
  }

  private static HikariDataSource pool(DataSource login) {
    var settings = new HikariConfig();
    settings.setDataSource(login);
    settings.setMaximumPoolSize(5);
    settings.setMinimumIdle(0);
    return new HikariDataSource(settings);
  }

  public static String newStream() {
    return ACME + "/" + UUID.randomUUID();
  }

  /** The command's result; throws its rejection. */
  public Counter.Total send(Object command) {
    return send(ACME, command);
  }

  Counter.Total send(TenantId tenant, Object command) {
    CommandResultMessage<?> result = result(tenant, command, Map.of());
    if (result.isExceptional()) {
      throw result.exceptionResult() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(result.exceptionResult());
    }
    return result.getPayload() instanceof Counter.Total total ? total : new Counter.Total(0, 0);
  }

  public CommandResultMessage<?> result(Object command, Map<String, ?> metadata) {
    return result(ACME, command, metadata);
  }

  private CommandResultMessage<?> result(TenantId tenant, Object command, Map<String, ?> metadata) {
    var result = new AtomicReference<CommandResultMessage<?>>();
    TenantContext.run(
        tenant,
        () ->
            commands.<Object, Object>dispatch(
                GenericCommandMessage.asCommandMessage(command).andMetaData(metadata),
                (sent, answer) -> result.set(answer)));
    return result.get();
  }

  /** Stores a snapshot immediately. */
  void snapshot(String stream, long sequence) {
    table.storeSnapshot(
        StreamId.parse(stream),
        sequence,
        "Counter",
        Instant.now(),
        new SimpleSerializedObject<>("{}", String.class, "Counter", null));
  }

  @Override
  public void close() {
    try {
      writer.stop();
      breaker.close();
      news.stop();
      snapshots.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    axon.shutdown();
    app.close();
    worker.close();
  }
}

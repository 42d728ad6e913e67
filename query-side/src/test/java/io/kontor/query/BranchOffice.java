package io.kontor.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.cache.CacheProperties;
import io.kontor.cache.ChangeHandler;
import io.kontor.cache.ChangePublisher;
import io.kontor.cache.KnownChanges;
import io.kontor.cache.ReadModelCache;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventReader;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.personaldata.MasterKeys;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.postgres.TestDatabase;
import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projection.rebuild.RebuildProperties;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.ProjectionCheckpoint;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projections.ProjectionsConfiguration;
import io.kontor.query.support.CachedReads;
import io.kontor.redis.RedisNodes;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.unit.DataSize;

/** Read models filled from events, and a login that may read them. */
public final class BranchOffice implements AutoCloseable {
  public static final Instant OPENING = Instant.parse("2026-01-30T09:00:00Z");

  private static final CacheProperties CACHE =
      new CacheProperties(
          DataSize.ofMegabytes(8), true, Duration.ofMinutes(1), Duration.ofSeconds(10));

  private final TestDatabase database = TestDatabase.create();
  private final HikariDataSource worker = pool(database.worker());
  private final HikariDataSource app = pool(database.app());
  private final EmbeddedEventStore events =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine(1)).build();
  private final ProjectionRunner engine;
  public final ReadModelPositions readModels;
  private final Map<String, Long> versions = new HashMap<>();
  private final KnownChanges changes = new KnownChanges();
  private final List<PostgresNotificationListener> listeners = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  public final ReadModelCache cache = new ReadModelCache(changes, CACHE, null, meters);
  private final ChangePublisher publisher;

  public final DSLContext sql = dsl(app);

  /** Writes the tables that are no read models. */
  public final DSLContext workerSql = dsl(worker);

  public final TenantTransactions transactions = new TenantTransactions(app);
  public final TenantTransactions workerTransactions = new TenantTransactions(worker);
  public final PersonalDataService personalData =
      PersonalDataService.of(transactions, app, MasterKeys.of(MasterKeys.generate(), List.of()));

  public BranchOffice() {
    var processor =
        ProjectionDatabase.of(
            worker, Jackson3Serializer.builder().build(), List.of(Duration.ofMillis(1)));
    var stored =
        new EventPageReader(
            new EventReader(worker), processor.serializer(), new EventUpcasterChain(List.of()));
    engine =
        new ProjectionRunner(
            ProjectionsConfiguration.all(),
            events,
            new InMemoryTokenStore(),
            processor,
            100,
            new RebuildService(
                ProjectionsConfiguration.all(),
                processor,
                stored,
                new RebuildProperties(
                    100, 1, true, false, 1_000, Duration.ZERO, Duration.ofMinutes(5)),
                new PostgresLeaseLock(worker)),
            true);
    readModels = engine.readModels(sql);
    publisher = new ChangePublisher(changes, cache, app);
    publisher.start();
    engine.onChange(CachedReads.announcing(publisher));
    engine.start();
    listen(changes);
  }

  /** A node that has what it knows of changes from notifications only. */
  public ReadModelCache otherNode(@Nullable RedisNodes redis, MeterRegistry itsMeters) {
    var known = new KnownChanges();
    listen(known);
    return new ReadModelCache(known, CACHE, redis, itsMeters);
  }

  /** A cache without notifications, so that every read goes to the database. */
  public ReadModelCache uncached() {
    return new ReadModelCache(new KnownChanges(), CACHE, null, new SimpleMeterRegistry());
  }

  /** As after a swap, a tenant's rows replaced or a dead letter retried: no copy is good. */
  public void beginsEdition(String projection) {
    new ProjectionCheckpoint(projection, workerSql).beginEdition();
  }

  private void listen(KnownChanges known) {
    var listener = new PostgresNotificationListener(database.app());
    ChangeHandler.subscribe(
        listener,
        DatabaseSchema.SHARED,
        known,
        () -> "test",
        () -> CachedReads.versions(readModels.versions()));
    listeners.add(listener);
    listener.start();
  }

  /** The position of the last event. */
  public long head() {
    return readModels.head();
  }

  /** Publishes events of an account without waiting for the read models. */
  public long publishes(AccountEvent event) {
    publish(event.account().toString(), event, OPENING);
    return readModels.head();
  }

  public void awaitPosition(String projection, long position) {
    readModels.await(projection, position, Duration.ofSeconds(60));
  }

  /** Connections that see one tenant's rows, as requests have. */
  public DataSource app() {
    return app;
  }

  /** Connections of jobs. */
  public DataSource worker() {
    return worker;
  }

  /** Records events some hours after {@link #OPENING} and waits until they are readable. */
  public void happens(int hour, AccountEvent... together) {
    happensAt(OPENING.plus(Duration.ofHours(hour)), together);
  }

  /** Records events of one stream some hours after {@link #OPENING}, until they are readable. */
  public void recorded(int hour, Object stream, Object... together) {
    for (Object event : together) {
      publish(stream.toString(), event, OPENING.plus(Duration.ofHours(hour)));
    }
    awaitAll();
  }

  private void happensAt(Instant time, AccountEvent... together) {
    for (AccountEvent event : together) {
      publish(event.account().toString(), event, time);
    }
    awaitAll();
  }

  private void publish(String stream, Object event, Instant time) {
    long version = versions.merge(stream, 0L, (last, zero) -> last + 1);
    events.publish(
        new GenericDomainEventMessage<>(
            "Stream",
            stream,
            version,
            event,
            MetaData.with(TenantMessageInterceptor.KEY, StreamId.parse(stream).tenant().value()),
            UUID.randomUUID().toString(),
            time));
  }

  private void awaitAll() {
    for (String projection : engine.names()) {
      readModels.await(projection, readModels.head(), Duration.ofSeconds(60));
    }
  }

  /** Runs a query as a tenant. */
  public static <T> T as(TenantId tenant, Supplier<T> query) {
    return TenantContext.call(tenant, query::get);
  }

  public AccountId opened(String tenant, String customer) {
    var account = new AccountId(new TenantId(tenant), UUID.randomUUID());
    happens(
        0,
        new AccountEvent.AccountOpened(
            account,
            customer,
            SealedText.inTheClear(customer, "Ada"),
            Money.currencyOf("EUR"),
            euro("100.00")));
    return account;
  }

  public void deposited(int hour, AccountId account, String amount, String balance) {
    happens(
        hour,
        new AccountEvent.MoneyDeposited(
            account, UUID.randomUUID(), euro(amount), euro(balance), "in"));
  }

  public void depositedAt(Instant time, AccountId account, Money amount, Money balance) {
    happensAt(
        time, new AccountEvent.MoneyDeposited(account, UUID.randomUUID(), amount, balance, "in"));
  }

  public void transferredAt(
      Instant time, AccountId from, AccountId to, Money amount, Money left, Money received) {
    UUID transfer = UUID.randomUUID();
    UUID entry = UUID.randomUUID();
    happensAt(
        time,
        new AccountEvent.TransferSent(from, transfer, entry, to, amount, left, received, "rent"),
        new AccountEvent.TransferReceived(to, transfer, entry, from, amount, received, "rent"));
  }

  /** Returns the transfer's id. */
  public UUID transferred(
      int hour, AccountId from, AccountId to, String amount, String left, String received) {
    UUID transfer = UUID.randomUUID();
    UUID entry = UUID.randomUUID();
    happens(
        hour,
        new AccountEvent.TransferSent(
            from, transfer, entry, to, euro(amount), euro(left), euro(received), "rent"),
        new AccountEvent.TransferReceived(
            to, transfer, entry, from, euro(amount), euro(received), "rent"));
    return transfer;
  }

  public static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }

  private static DSLContext dsl(DataSource dataSource) {
    return DSL.using(new TransactionAwareDataSourceProxy(dataSource), SQLDialect.POSTGRES);
  }

  private static HikariDataSource pool(DataSource connections) {
    var config = new HikariConfig();
    config.setDataSource(connections);
    config.setMaximumPoolSize(6);
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    engine.stop();
    try {
      publisher.close();
      for (PostgresNotificationListener listener : listeners) {
        listener.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.close();
    app.close();
    database.close();
  }
}

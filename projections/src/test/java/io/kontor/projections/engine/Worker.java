package io.kontor.projections.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventReader;
import io.kontor.eventstore.subscription.TokenStores;
import io.kontor.lock.postgres.PostgresLeaseLock;
import io.kontor.postgres.TestDatabase;
import io.kontor.projection.Projection;
import io.kontor.projection.rebuild.RebuildProperties;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projection.write.ProjectionDeadLetters;
import io.kontor.projection.write.Projector;
import io.kontor.tenancy.StreamId;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A test database and the database access of event processors. */
final class Worker implements AutoCloseable {
  final TestDatabase database = TestDatabase.create();
  final HikariDataSource dataSource = pool(database.worker());
  final DSLContext sql =
      DSL.using(new TransactionAwareDataSourceProxy(dataSource), SQLDialect.POSTGRES);
  final TransactionManager transactions =
      new SpringTransactionManager(new JdbcTransactionManager(dataSource));
  final Serializer serializer = Jackson3Serializer.builder().build();

  JdbcTokenStore tokens() {
    return TokenStores.store(dataSource, serializer);
  }

  ProjectionDatabase asProcessor() {
    return new ProjectionDatabase(
        sql, dataSource, transactions, serializer, List.of(Duration.ofMillis(1)), failure -> {});
  }

  /** A service that executes rebuilds once started. */
  RebuildService rebuilds(List<? extends Projection<?>> projections) {
    return rebuilds(projections, 5_000, Duration.ZERO);
  }

  /** The same, with limits for a tenant's rebuilds. */
  RebuildService rebuilds(
      List<? extends Projection<?>> projections, long tenantEvents, Duration tenantPause) {
    return new RebuildService(
        projections,
        asProcessor(),
        pages(),
        new RebuildProperties(50, 1, true, true, tenantEvents, tenantPause, Duration.ofMinutes(5)),
        new PostgresLeaseLock(dataSource));
  }

  EventPageReader pages() {
    return new EventPageReader(
        new EventReader(dataSource), serializer, new EventUpcasterChain(List.of()));
  }

  ProjectionDeadLetters deadLetters(String projection) {
    return asProcessor().deadLetters(projection);
  }

  <E> Projector<E> projector(Projection<E> projection) {
    return new Projector<>(
        projection,
        sql,
        deadLetters(projection.name()),
        List.of(Duration.ofMillis(1)),
        changes -> {});
  }

  /** Projects events in one transaction. */
  void take(Projector<?> projector, List<EventMessage<?>> events) {
    transactions.executeInTransaction(() -> projector.take(events));
  }

  /** The events as the event store returns them. */
  static List<EventMessage<?>> tracked(List<DomainEventMessage<?>> events) {
    List<EventMessage<?>> tracked = new java.util.ArrayList<>();
    long position = 0;
    for (DomainEventMessage<?> event : events) {
      tracked.add(
          new GenericTrackedDomainEventMessage<>(
              new GlobalSequenceTrackingToken(++position), event));
    }
    return tracked;
  }

  /**
   * Appends events to the event store, the two of a transfer as one unit of work, and returns them
   * as read back.
   */
  List<EventMessage<?>> store(List<? extends DomainEventMessage<?>> events) {
    List<EventMessage<?>> stored = new java.util.ArrayList<>();
    transactions.executeInTransaction(
        () -> {
          long position =
              sql.fetchSingle("select coalesce(max(position), 0) from kontor.event")
                  .get(0, Long.class);
          for (DomainEventMessage<?> event : events) {
            int rest = event.getPayload() instanceof TransferSent ? 1 : 0;
            insert(event, ++position, rest);
            stored.add(
                new GenericTrackedDomainEventMessage<>(
                    new GlobalSequenceTrackingToken(position + rest), event));
          }
        });
    return stored;
  }

  private void insert(DomainEventMessage<?> event, long position, int rest) {
    var stream = StreamId.parse(event.getAggregateIdentifier());
    var payload = event.serializePayload(serializer, String.class);
    sql.execute(
        """
        insert into kontor.event (position, tenant_id, stream_id, sequence, stream_type, event_id,
          type, revision, recorded_at, unit_rest, payload, metadata, hash)
        values (?, ?, ?, ?, 'Account', ?, ?, ?, ?::timestamptz, ?, ?::json, '{}',
          decode(repeat('00', 32), 'hex'))
        """,
        position,
        stream.tenant().value(),
        stream.uuid(),
        event.getSequenceNumber(),
        java.util.UUID.fromString(event.getIdentifier()),
        payload.getType().getName(),
        payload.getType().getRevision(),
        event.getTimestamp().truncatedTo(java.time.temporal.ChronoUnit.MICROS).toString(),
        rest,
        payload.getData());
  }

  /** A tenant's rows of a read model. */
  String rows(String tenant, org.jooq.Table<?> table) {
    return transactions.fetchInTransaction(
        () -> {
          sql.execute("select set_config('kontor.tenant', ?, true)", tenant);
          return sql.selectFrom(table)
              .orderBy(java.util.Objects.requireNonNull(table.getPrimaryKey()).getFields())
              .fetch()
              .formatCSV();
        });
  }

  private static HikariDataSource pool(DataSource connections) {
    var config = new HikariConfig();
    config.setDataSource(connections);
    config.setMaximumPoolSize(8);
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    dataSource.close();
    database.close();
  }
}

package io.kontor.projections.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.postgres.FreshDatabase;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A database of its own, and what event processors have of it. */
final class Worker implements AutoCloseable {
  final FreshDatabase database = FreshDatabase.create();
  final HikariDataSource dataSource = pool(database.worker());
  final DSLContext sql =
      DSL.using(new TransactionAwareDataSourceProxy(dataSource), SQLDialect.POSTGRES);
  final TransactionManager transactions =
      new SpringTransactionManager(new JdbcTransactionManager(dataSource));
  final Serializer serializer = Jackson3Serializer.builder().build();

  JdbcTokenStore tokens() {
    return JdbcTokenStore.builder()
        .connectionProvider(new TransactionAwareDataSourceProxy(dataSource)::getConnection)
        .serializer(serializer)
        .contentType(String.class)
        .schema(
            TokenSchema.builder()
                .setTokenTable("kontor.token")
                .setProcessorNameColumn("processor")
                .setSegmentColumn("segment")
                .setTokenColumn("token")
                .setTokenTypeColumn("token_type")
                .setTimestampColumn("claimed_at")
                .setOwnerColumn("owner")
                .build())
        .build();
  }

  ParkedEvents parked(String projection) {
    return new ParkedEvents(
        projection, DeadLetterQueues.queue(projection, dataSource, transactions, serializer), sql);
  }

  <E> Projector<E> projector(Projection<E> projection) {
    return new Projector<>(
        projection, sql, parked(projection.name()), List.of(Duration.ofMillis(1)));
  }

  /** Takes events in one transaction. */
  void take(Projector<?> projector, List<EventMessage<?>> events) {
    transactions.executeInTransaction(() -> projector.take(events));
  }

  /** The events as the event store hands them out. */
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

  /** Everything in a read model, as a tenant sees it. */
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

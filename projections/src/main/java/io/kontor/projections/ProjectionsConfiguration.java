package io.kontor.projections;

import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.eventstore.read.EventPageReader;
import io.kontor.eventstore.read.EventReader;
import io.kontor.lock.LeaseLock;
import io.kontor.lock.postgres.LockConfiguration;
import io.kontor.projection.Projection;
import io.kontor.projection.live.ProjectionProperties;
import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.live.ReadModelListener;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.projection.rebuild.RebuildProperties;
import io.kontor.projection.rebuild.RebuildRepository;
import io.kontor.projection.rebuild.RebuildRequests;
import io.kontor.projection.rebuild.RebuildService;
import io.kontor.projection.rebuild.RebuildWatch;
import io.kontor.projection.write.ProjectionDatabase;
import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.endofday.BankDayProjection;
import io.kontor.projections.endofday.ConditionsProjection;
import io.kontor.projections.inventory.ProductProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.projections.order.OrderProjection;
import io.kontor.projections.payment.PaymentProjection;
import io.kontor.projections.standingorder.StandingOrderProjection;
import io.kontor.projections.transfer.TransferProjection;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jooq.DSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Runs the projections and their rebuilds, under leases in the same database. */
@Configuration(proxyBeanMethods = false)
@Import(LockConfiguration.class)
@EnableConfigurationProperties({ProjectionProperties.class, RebuildProperties.class})
public class ProjectionsConfiguration {

  public static List<Projection<?>> all() {
    return List.of(
        new AccountProjection(),
        new JournalProjection(),
        new TransferProjection(),
        new ProductProjection(),
        new OrderProjection(),
        new PaymentProjection(),
        new StandingOrderProjection(),
        new BankDayProjection(),
        new ConditionsProjection());
  }

  @Bean
  ProjectionDatabase workerDatabase(
      @Qualifier("workerTransactionManager") PlatformTransactionManager transactions,
      @Qualifier("workerDsl") DSLContext worker,
      @Qualifier("workerDataSource") DataSource workerDataSource,
      @Qualifier("eventSerializer") Serializer serializer,
      ProjectionProperties properties,
      ApplicationEventPublisher application) {
    return new ProjectionDatabase(
        worker,
        workerDataSource,
        new SpringTransactionManager(transactions),
        serializer,
        properties.backoff(),
        application::publishEvent);
  }

  @Bean
  RebuildService rebuilds(
      ProjectionDatabase worker,
      ObjectProvider<EventUpcaster> olderForms,
      RebuildProperties properties,
      LeaseLock locks) {
    var events =
        new EventPageReader(
            new EventReader(worker.dataSource()),
            worker.serializer(),
            new EventUpcasterChain(olderForms.orderedStream().toList()));
    return new RebuildService(all(), worker, events, properties, locks);
  }

  /** Requests use the small admin pool, not the worker's. */
  @Bean
  RebuildRequests rebuildRequests(
      @Qualifier("adminDsl") DSLContext admin,
      @Qualifier("adminDataSource") DataSource adminDataSource,
      RebuildProperties properties,
      RebuildService rebuilds) {
    return new RebuildRequests(
        all(),
        admin,
        new SpringTransactionManager(new JdbcTransactionManager(adminDataSource)),
        new EventReader(adminDataSource)::head,
        properties,
        rebuilds::wake);
  }

  @Bean
  RebuildWatch rebuildWatch(@Qualifier("adminDsl") DSLContext admin) {
    return new RebuildWatch(new RebuildRepository(admin));
  }

  @Bean
  ProjectionRunner projectionEngine(
      EventStore events,
      TokenStore tokens,
      ProjectionDatabase worker,
      ProjectionProperties properties,
      RebuildService rebuilds,
      ObjectProvider<ReadModelListener> listener,
      Environment environment) {
    var runner =
        new ProjectionRunner(
            all(),
            events,
            tokens,
            worker,
            properties.batchSize(),
            rebuilds,
            NodeRoles.of(environment).include(NodeRole.PROJECTION));
    listener.ifAvailable(runner::onChange);
    return runner;
  }

  @Bean
  ReadModelPositions readModels(ProjectionRunner engine, @Qualifier("appDsl") DSLContext requests) {
    return engine.readModels(requests);
  }
}

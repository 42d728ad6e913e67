package io.kontor.projections;

import io.kontor.projections.account.AccountProjection;
import io.kontor.projections.engine.Projection;
import io.kontor.projections.engine.ProjectionEngine;
import io.kontor.projections.engine.ProjectionProperties;
import io.kontor.projections.engine.ReadModels;
import io.kontor.projections.inventory.ProductProjection;
import io.kontor.projections.ledger.JournalProjection;
import io.kontor.projections.order.OrderProjection;
import io.kontor.projections.transfer.TransferProjection;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jooq.DSLContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The projections, running. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProjectionProperties.class)
public class ProjectionsConfiguration {

  @Bean
  ProjectionEngine projectionEngine(
      EventStore events,
      TokenStore tokens,
      @Qualifier("workerTransactionManager") PlatformTransactionManager transactions,
      @Qualifier("workerDsl") DSLContext worker,
      @Qualifier("workerDataSource") DataSource workerDataSource,
      @Qualifier("eventSerializer") Serializer serializer,
      ProjectionProperties properties) {
    List<Projection<?>> projections =
        List.of(
            new AccountProjection(),
            new JournalProjection(),
            new TransferProjection(),
            new ProductProjection(),
            new OrderProjection());
    return new ProjectionEngine(
        projections,
        events,
        tokens,
        new SpringTransactionManager(transactions),
        worker,
        workerDataSource,
        serializer,
        properties);
  }

  @Bean
  ReadModels readModels(ProjectionEngine engine, @Qualifier("appDsl") DSLContext requests) {
    return engine.readModels(requests);
  }
}

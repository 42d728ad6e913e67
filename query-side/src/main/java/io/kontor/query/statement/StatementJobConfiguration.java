package io.kontor.query.statement;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.job.queue.JobQueue;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.registry.TenantRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The jobs of statements, with the worker's login: no request waits for its connections. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.SAGA)
class StatementJobConfiguration {

  @Bean
  StatementJob statementJob(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("workerDsl") DSLContext sql,
      PersonalDataService personalData,
      TenantRegistry tenants,
      ReadModelPositions readModels,
      ApplicationEventPublisher application) {
    var transactions = new TenantTransactions(worker);
    var store = new StatementStore(transactions, worker);
    var reader = new StatementReader(transactions, sql, personalData, tenants);
    return new StatementJob(
        store,
        new StatementPrinter(store, reader, personalData, application::publishEvent),
        readModels);
  }

  @Bean
  StatementRunJob statementRunJob(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("workerDsl") DSLContext sql,
      @Qualifier("workerJobQueue") JobQueue jobs,
      StatementProperties properties,
      ReadModelPositions readModels) {
    var transactions = new TenantTransactions(worker);
    return new StatementRunJob(
        new StatementStore(transactions, worker),
        new StatementRequests(transactions, worker, jobs, properties),
        readModels,
        transactions,
        sql,
        worker);
  }

  @Bean
  StatementExpiryJob statementExpiryJob(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("workerJobQueue") JobQueue jobs,
      StatementProperties properties) {
    var transactions = new TenantTransactions(worker);
    return new StatementExpiryJob(
        new StatementStore(transactions, worker),
        new StatementRequests(transactions, worker, jobs, properties),
        transactions,
        properties.kept(),
        InstantSource.system());
  }
}

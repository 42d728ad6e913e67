package io.kontor.query.statement;

import io.kontor.job.queue.JobQueue;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.jdbc.TenantTransactions;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What requests need of statements. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StatementProperties.class)
class StatementConfiguration {

  @Bean
  StatementRequests statementRequests(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      @Qualifier("appJobQueue") JobQueue jobs,
      StatementProperties properties) {
    return new StatementRequests(appTransactions, app, jobs, properties);
  }

  @Bean
  StatementQueries statementQueries(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      PersonalDataService personalData) {
    return new StatementQueries(appTransactions, app, personalData);
  }
}

package io.kontor.app;

import io.kontor.cluster.ClusterConfiguration;
import io.kontor.command.CommandSideConfiguration;
import io.kontor.console.ConsoleConfiguration;
import io.kontor.database.DatabaseConfiguration;
import io.kontor.eventstore.EventStoreConfiguration;
import io.kontor.eventstore.axonserver.AxonServerStoreConfiguration;
import io.kontor.integration.IntegrationConfiguration;
import io.kontor.job.queue.JobQueueConfiguration;
import io.kontor.limits.LimitsConfiguration;
import io.kontor.notifications.NotificationsConfiguration;
import io.kontor.operations.OperationsConfiguration;
import io.kontor.personaldata.PersonalDataConfiguration;
import io.kontor.projections.ProjectionsConfiguration;
import io.kontor.query.QuerySideConfiguration;
import io.kontor.redis.RedisConfiguration;
import io.kontor.sagas.ProcessesConfiguration;
import io.kontor.tenancy.registry.TenancyConfiguration;
import io.kontor.web.WebConfiguration;
import org.axonframework.springboot.autoconfig.JdbcAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * All of Kontor in one process. Two pools with different rights are wired by hand, so
 * auto-configurations that expect a single data source are excluded.
 */
@SpringBootApplication(
    exclude = {
      DataSourceAutoConfiguration.class,
      FlywayAutoConfiguration.class,
      JooqAutoConfiguration.class,
      JdbcAutoConfiguration.class,
      UserDetailsServiceAutoConfiguration.class
    })
@ConfigurationPropertiesScan
@Import({
  WebConfiguration.class,
  LimitsConfiguration.class,
  DatabaseConfiguration.class,
  TenancyConfiguration.class,
  EventStoreConfiguration.class,
  AxonServerStoreConfiguration.class,
  ClusterConfiguration.class,
  RedisConfiguration.class,
  JobQueueConfiguration.class,
  PersonalDataConfiguration.class,
  CommandSideConfiguration.class,
  ProjectionsConfiguration.class,
  QuerySideConfiguration.class,
  OperationsConfiguration.class,
  ProcessesConfiguration.class,
  NotificationsConfiguration.class,
  IntegrationConfiguration.class,
  ConsoleConfiguration.class
})
class KontorApplication {}

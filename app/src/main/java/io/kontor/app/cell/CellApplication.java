package io.kontor.app.cell;

import io.kontor.app.health.HealthConfiguration;
import io.kontor.app.messaging.MessagingConfiguration;
import io.kontor.app.observability.EventProcessorMetrics;
import io.kontor.app.observability.JobMetrics;
import io.kontor.app.observability.ProjectionMetrics;
import io.kontor.app.observability.TracingConfiguration;
import io.kontor.app.security.QueryRoleInterceptor;
import io.kontor.cluster.CommandRoutingConfiguration;
import io.kontor.command.CommandSideConfiguration;
import io.kontor.database.DatabaseConfiguration;
import io.kontor.eventstore.EventStoreConfiguration;
import io.kontor.job.queue.JobQueueConfiguration;
import io.kontor.lock.postgres.LockConfiguration;
import io.kontor.notifications.NotificationsConfiguration;
import io.kontor.operations.OperationsConfiguration;
import io.kontor.personaldata.PersonalDataConfiguration;
import io.kontor.projections.ProjectionsConfiguration;
import io.kontor.query.QuerySideConfiguration;
import io.kontor.sagas.ProcessesConfiguration;
import io.kontor.tenancy.registry.TenancyConfiguration;
import io.kontor.web.WebConfiguration;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.axonframework.springboot.autoconfig.AxonTracingAutoConfiguration;
import org.axonframework.springboot.autoconfig.EventProcessingAutoConfiguration;
import org.axonframework.springboot.autoconfig.InfraConfiguration;
import org.axonframework.springboot.autoconfig.InterceptorAutoConfiguration;
import org.axonframework.springboot.autoconfig.NoOpTransactionAutoConfiguration;
import org.axonframework.springboot.autoconfig.ObjectMapperAutoConfiguration;
import org.axonframework.springboot.autoconfig.TransactionAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * The configurations of the bank that a cell runs once more. Not a {@code @Configuration}, so that
 * the bank's component scan passes it over.
 */
@Import({
  WebConfiguration.class,
  DatabaseConfiguration.class,
  TenancyConfiguration.class,
  EventStoreConfiguration.class,
  LockConfiguration.class,
  JobQueueConfiguration.class,
  CommandRoutingConfiguration.class,
  PersonalDataConfiguration.class,
  CommandSideConfiguration.class,
  ProjectionsConfiguration.class,
  QuerySideConfiguration.class,
  OperationsConfiguration.class,
  ProcessesConfiguration.class,
  NotificationsConfiguration.class,
  MessagingConfiguration.class,
  TracingConfiguration.class,
  HealthConfiguration.class,
  ProjectionMetrics.class,
  JobMetrics.class,
  EventProcessorMetrics.class,
  QueryRoleInterceptor.class
})
@ImportAutoConfiguration({
  ConfigurationPropertiesAutoConfiguration.class,
  PropertyPlaceholderAutoConfiguration.class,
  LifecycleAutoConfiguration.class,
  ValidationAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  AxonAutoConfiguration.class,
  AxonTracingAutoConfiguration.class,
  EventProcessingAutoConfiguration.class,
  InfraConfiguration.class,
  InterceptorAutoConfiguration.class,
  NoOpTransactionAutoConfiguration.class,
  ObjectMapperAutoConfiguration.class,
  TransactionAutoConfiguration.class
})
final class CellApplication {}

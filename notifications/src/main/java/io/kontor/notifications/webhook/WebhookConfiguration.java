package io.kontor.notifications.webhook;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.job.queue.JobQueue;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks: their requests, and the job that calls them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
class WebhookConfiguration {

  @Bean
  WebhookRequests webhookRequests(
      TenantTransactions appTransactions,
      @Qualifier("appDataSource") DataSource app,
      @Qualifier("appJobQueue") JobQueue jobs,
      PersonalDataService personalData,
      WebhookProperties properties,
      JsonMapper json) {
    return new WebhookRequests(
        appTransactions,
        app,
        new WebhookOutbox(app, jobs, personalData),
        personalData,
        properties,
        InstantSource.system(),
        json);
  }

  @Bean
  @ConditionalOnRole(NodeRole.SAGA)
  WebhookOutbox webhookOutbox(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("workerJobQueue") JobQueue jobs,
      PersonalDataService personalData) {
    return new WebhookOutbox(worker, jobs, personalData);
  }

  @Bean
  @ConditionalOnRole(NodeRole.SAGA)
  WebhookJob webhookJob(
      @Qualifier("workerDataSource") DataSource worker,
      WebhookOutbox outbox,
      WebhookProperties properties,
      ApplicationEventPublisher application) {
    return new WebhookJob(
        outbox,
        new TenantTransactions(worker),
        new WebhookClient(properties.timeout(), properties.development()),
        application::publishEvent,
        InstantSource.system());
  }
}

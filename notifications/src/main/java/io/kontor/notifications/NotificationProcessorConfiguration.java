package io.kontor.notifications;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.eventstore.read.FirstEvents;
import io.kontor.eventstore.subscription.ProcessEventProcessor;
import io.kontor.eventstore.subscription.PromptEventProcessor;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.job.queue.JobQueue;
import io.kontor.notifications.store.NotificationExpiry;
import io.kontor.notifications.store.NotificationWriter;
import io.kontor.notifications.store.Origins;
import io.kontor.notifications.store.PostgresSignals;
import io.kontor.notifications.store.RedisSignals;
import io.kontor.notifications.webhook.WebhookOutbox;
import io.kontor.redis.RedisNodes;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Makes notifications, on a node with the role saga, with the worker's login. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.SAGA)
class NotificationProcessorConfiguration {
  private static final int BATCH_SIZE = 200;

  /** Without a token it begins here: what a bank booked before it had notifications is no news. */
  private static final Duration NEWS = Duration.ofMinutes(1);

  @Bean
  NotificationExpiry notificationExpiry(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("workerJobQueue") JobQueue jobs,
      WebhookOutbox webhooks,
      NotificationProperties properties) {
    return new NotificationExpiry(
        worker, jobs, webhooks, properties.kept(), InstantSource.system());
  }

  @Bean
  NotificationWriter notificationWriter(
      @Qualifier("workerDataSource") DataSource worker,
      FirstEvents events,
      NotificationExpiry expiry,
      WebhookOutbox webhooks,
      ObjectProvider<RedisNodes> redis,
      NotificationProperties properties,
      JsonMapper json) {
    var postgres = new PostgresSignals(worker);
    RedisNodes nodes = redis.getIfAvailable();
    return new NotificationWriter(
        worker,
        new Origins(events),
        expiry,
        webhooks,
        nodes == null ? postgres : new RedisSignals(nodes, postgres),
        properties.kinds(),
        properties.kept(),
        properties.staffNotified(),
        InstantSource.system(),
        json);
  }

  @Bean
  NotificationProcessor notificationProcessor(NotificationWriter writer) {
    return new NotificationProcessor(writer);
  }

  @Bean
  StatementNotifier statementNotifier(NotificationWriter writer) {
    return new StatementNotifier(writer, InstantSource.system());
  }

  @Bean
  StaffNotifier staffNotifier(NotificationWriter writer) {
    return new StaffNotifier(writer, InstantSource.system());
  }

  @Bean
  ProjectionFailureJob projectionFailureJob(
      @Qualifier("workerDataSource") DataSource worker, NotificationWriter writer) {
    return new ProjectionFailureJob(new TenantTransactions(worker), writer);
  }

  /** A batch that fails is retried, not skipped: skipping would lose its notifications. */
  @Bean
  ConfigurerModule notificationsAreRetried() {
    return configurer ->
        configurer
            .eventProcessing()
            .registerEventProcessor(
                NotificationProcessor.PROCESSOR,
                (name, axon, invoker) ->
                    new ProcessEventProcessor(
                        PromptEventProcessor.settings(name, axon, invoker)
                            .trackingEventProcessorConfiguration(
                                TokenClaimSettings.sought(
                                    TrackingEventProcessorConfiguration
                                        .forSingleThreadedProcessing()
                                        .andInitialTrackingToken(
                                            events -> events.createTokenSince(NEWS))
                                        .andBatchSize(BATCH_SIZE)))))
            .registerListenerInvocationErrorHandler(
                NotificationProcessor.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }
}

package io.kontor.integration;

import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.integration.kafka.KafkaProperties;
import io.kontor.integration.kafka.OnKafkaCondition;
import io.kontor.integration.outbox.EventPublisher;
import io.kontor.integration.outbox.PublisherLag;
import io.kontor.integration.outbox.PublisherStatusController;
import io.kontor.integration.payment.InboundPaymentConsumer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Beans of the Kafka integration, present only where Kafka is configured. Wired by hand so that no
 * auto-configuration connects to Kafka.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnKafkaCondition.class)
@EnableConfigurationProperties(KafkaProperties.class)
public class IntegrationConfiguration {

  @Bean
  @ConditionalOnRole(NodeRole.PROJECTION)
  EventPublisher integrationEvents(
      EventStore events,
      TokenStore tokens,
      @Qualifier("workerTransactionManager") PlatformTransactionManager transactions,
      KafkaProperties settings,
      MeterRegistry meters) {
    return new EventPublisher(
        events, tokens, new SpringTransactionManager(transactions), settings, meters);
  }

  @Bean
  @ConditionalOnRole(NodeRole.COMMAND)
  InboundPaymentConsumer inboundPayments(
      KafkaProperties settings,
      CommandBus commands,
      IdempotencyRecords answers,
      JsonMapper json,
      MeterRegistry meters) {
    return new InboundPaymentConsumer(settings, commands, answers, json, meters);
  }

  @Bean
  PublisherLag publisherLag(@Qualifier("workerDataSource") DataSource worker, EventStore events) {
    return new PublisherLag(worker, () -> head(events));
  }

  @Bean
  MeterBinder kafkaMetrics(PublisherLag lag, ObjectProvider<EventPublisher> publisher) {
    return meters -> {
      Gauge.builder("kontor.kafka.lag", lag, found -> found.read().lag())
          .description("events that are stored and not published yet, by whichever node")
          .register(meters);
      Gauge.builder("kontor.kafka.failing", () -> isFailing(publisher) ? 1 : 0)
          .description("1 while this node is to publish and can't")
          .register(meters);
    };
  }

  @Bean
  PublisherStatusController integrationController(
      PublisherLag lag, ObjectProvider<EventPublisher> publisher) {
    return new PublisherStatusController(lag, publisher);
  }

  private static boolean isFailing(ObjectProvider<EventPublisher> publisher) {
    EventPublisher here = publisher.getIfAvailable();
    return here != null && here.isFailing();
  }

  private static long head(EventStore events) {
    TrackingToken head = events.createHeadToken();
    return head == null ? 0 : head.position().orElse(0);
  }
}

package io.kontor.app.messaging;

import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.api.evolution.EventUpcasters;
import io.kontor.api.evolution.JsonUpcaster;
import io.kontor.api.message.MessageMetadata;
import io.kontor.command.datasubject.FormerSnapshotNames;
import io.kontor.eventstore.EventStoreConfiguration;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryBusSpanFactory;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;

/** Serializers, and the metadata that messages carry. */
@Configuration(proxyBeanMethods = false)
public class MessagingConfiguration {
  private static final List<String> CORRELATED =
      List.of(
          TenantMessageInterceptor.KEY,
          MessageMetadata.ACTOR,
          MessageMetadata.CORRELATION_ID,
          MessageMetadata.TRACE_PARENT,
          IdempotencyRecords.IDEMPOTENCY_KEY);

  @Bean
  @Primary
  Serializer serializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  @Qualifier("messageSerializer")
  public Serializer messageSerializer() {
    return new MessageSerializer(Jackson3Serializer.builder());
  }

  @Bean
  @Qualifier("eventSerializer")
  Serializer eventSerializer() {
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName());
  }

  @Bean
  EventUpcaster olderFormsOfEvents() {
    return new JsonUpcaster(EventUpcasters.steps());
  }

  @Bean
  @Qualifier("snapshotSerializer")
  public Serializer snapshotSerializer() {
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), FormerSnapshotNames.byName());
  }

  @Bean
  CorrelationDataProvider correlation() {
    return MessagingConfiguration::correlationData;
  }

  /** Query handlers have transactions of their own; Axon's bus would open one of the worker's. */
  @Bean
  @Profile("!" + EventStoreConfiguration.AXON_SERVER)
  QueryBus queryBus(QueryUpdateEmitter updates, QueryBusSpanFactory spans) {
    return SimpleQueryBus.builder().queryUpdateEmitter(updates).spanFactory(spans).build();
  }

  @Bean
  InitializingBean whatTravelsWithMessages(CommandBus commands, QueryBus queries) {
    var tenant = new TenantMessageInterceptor();
    return () -> {
      commands.registerDispatchInterceptor(tenant);
      commands.registerHandlerInterceptor(tenant);
      queries.registerDispatchInterceptor(tenant);
      queries.registerHandlerInterceptor(tenant);
    };
  }

  private static Map<String, ?> correlationData(Message<?> cause) {
    Map<String, Object> data = new HashMap<>();
    for (String key : CORRELATED) {
      Object value = cause.getMetaData().get(key);
      if (value != null) {
        data.put(key, value);
      }
    }
    data.put(MessageMetadata.CAUSATION_ID, cause.getIdentifier());
    return data;
  }
}

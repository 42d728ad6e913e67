package io.kontor.app;

import io.kontor.api.EventCatalogue;
import io.kontor.api.Metadata;
import io.kontor.api.OlderForms;
import io.kontor.api.evolution.Upcasts;
import io.kontor.eventstore.Answers;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.tenancy.messaging.TenantMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** How messages are written, and what travels with them. */
@Configuration(proxyBeanMethods = false)
class AxonConfiguration {
  private static final List<String> HANDED_ON =
      List.of(
          TenantMetadata.KEY,
          Metadata.ACTOR,
          Metadata.CORRELATION_ID,
          Metadata.TRACE_PARENT,
          Answers.IDEMPOTENCY_KEY);

  @Bean
  @Primary
  Serializer serializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  @Qualifier("messageSerializer")
  Serializer messageSerializer() {
    return new MessageSerializer(Jackson3Serializer.builder());
  }

  @Bean
  @Qualifier("eventSerializer")
  Serializer eventSerializer() {
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), EventCatalogue.byName());
  }

  @Bean
  EventUpcaster olderFormsOfEvents() {
    return new Upcasts(OlderForms.steps());
  }

  @Bean
  @Qualifier("snapshotSerializer")
  Serializer snapshotSerializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  CorrelationDataProvider correlation() {
    return AxonConfiguration::handedOn;
  }

  @Bean
  InitializingBean whatTravelsWithMessages(CommandBus commands, QueryBus queries) {
    var tenant = new TenantMetadata();
    return () -> {
      commands.registerDispatchInterceptor(tenant);
      commands.registerHandlerInterceptor(tenant);
      queries.registerDispatchInterceptor(tenant);
      queries.registerHandlerInterceptor(tenant);
    };
  }

  private static Map<String, ?> handedOn(Message<?> cause) {
    Map<String, Object> data = new HashMap<>();
    for (String key : HANDED_ON) {
      Object value = cause.getMetaData().get(key);
      if (value != null) {
        data.put(key, value);
      }
    }
    data.put(Metadata.CAUSATION_ID, cause.getIdentifier());
    return data;
  }
}

package io.kontor.app.observability;

import io.kontor.api.message.MessageMetadata;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.messaging.Message;
import org.axonframework.tracing.SpanAttributesProvider;
import org.axonframework.tracing.SpanFactory;
import org.axonframework.tracing.opentelemetry.OpenTelemetrySpanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spans of commands and events, in addition to those of HTTP requests. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(TracingProperties.ON)
public class TracingConfiguration {
  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          TenantMessageInterceptor.KEY,
          "kontor.tenant",
          MessageMetadata.CORRELATION_ID,
          "kontor.correlation");

  @Bean
  SpanFactory spanFactory(OpenTelemetry telemetry, Tracer tracer) {
    return OpenTelemetrySpanFactory.builder()
        .tracer(tracer)
        .contextPropagators(telemetry.getPropagators().getTextMapPropagator())
        .build();
  }

  /** Spans carry the tenant and the correlation id, but no personal data such as the actor. */
  @Bean
  SpanAttributesProvider tenantOfMessage() {
    return TracingConfiguration::attributes;
  }

  private static Map<String, String> attributes(Message<?> message) {
    Map<String, String> attributes = new HashMap<>();
    ATTRIBUTES.forEach(
        (key, attribute) -> {
          if (message.getMetaData().get(key) instanceof String value) {
            attributes.put(attribute, value);
          }
        });
    return attributes;
  }
}

package io.kontor.app.observability;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.springboot.autoconfig.OpenTelemetryAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.validation.annotation.Validated;

/**
 * The trace endpoint and the sampling rate. Without an endpoint tracing is off, its
 * auto-configurations included.
 *
 * @param endpoint an OTLP receiver over HTTP, such as {@code http://collector:4318/v1/traces};
 *     without one there are no spans
 * @param share sampled share of the traces that begin here; a trace sampled by the caller is always
 *     sampled
 */
@ConfigurationProperties("kontor.tracing")
@Validated
public record TracingProperties(
    @Nullable URI endpoint, @DefaultValue("0.1") @DecimalMin("0") @DecimalMax("1") double share) {
  /** Set when tracing is on. */
  static final String ON = "kontor.tracing.on";

  /** Auto-configurations needed for tracing only; each would add work to every request. */
  private static final List<Class<?>> NEEDED_FOR_SPANS =
      List.of(
          OpenTelemetrySdkAutoConfiguration.class,
          OpenTelemetryLoggingAutoConfiguration.class,
          OpenTelemetryTracingAutoConfiguration.class,
          OtlpTracingAutoConfiguration.class,
          MicrometerTracingAutoConfiguration.class,
          NoopTracerAutoConfiguration.class,
          OpenTelemetryAutoConfiguration.class);

  /**
   * @throws InvalidConfigurationPropertyValueException when the endpoint is not the URL of a
   *     receiver
   */
  public TracingProperties {
    if (endpoint != null && !isReceiver(endpoint)) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.tracing.endpoint",
          endpoint,
          "must be the URL of an OTLP receiver over HTTP, such as http://collector:4318/v1/traces");
    }
  }

  private static boolean isReceiver(URI url) {
    return List.of("http", "https").contains(String.valueOf(url.getScheme()))
        && url.getHost() != null
        && url.getPath().startsWith("/")
        && url.getQuery() == null
        && url.getFragment() == null;
  }

  /** Binds the configuration before there is an application context, which validates it. */
  public static TracingProperties of(Environment environment) {
    return Binder.get(environment).bindOrCreate("kontor.tracing", TracingProperties.class);
  }

  /** Sets Spring Boot's own properties. */
  public void applyTo(ConfigurableEnvironment environment) {
    Map<String, Object> spring = new HashMap<>();
    if (endpoint == null) {
      spring.put(
          "spring.autoconfigure.exclude",
          String.join(",", NEEDED_FOR_SPANS.stream().map(Class::getName).toList()));
    } else {
      spring.put(ON, true);
      spring.put("management.opentelemetry.tracing.export.otlp.endpoint", endpoint.toString());
      spring.put("management.tracing.sampling.probability", share);
    }
    environment.getPropertySources().addFirst(new MapPropertySource("kontor.tracing", spring));
  }
}

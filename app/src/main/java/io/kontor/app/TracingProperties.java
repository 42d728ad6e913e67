package io.kontor.app;

import io.kontor.app.startup.StartupRejectedException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.springboot.autoconfig.OpenTelemetryAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * The trace endpoint and the sampling rate. Without an endpoint tracing is off, its
 * auto-configurations included.
 *
 * @param endpoint an OTLP receiver over HTTP, such as {@code http://collector:4318/v1/traces}
 * @param share sampled share of the traces that begin here, from 0 to 1; a trace sampled by the
 *     caller is always sampled
 */
public record TracingProperties(@Nullable URI endpoint, double share) {
  /** Set when tracing is on. */
  static final String ON = "kontor.tracing.on";

  private static final String ENDPOINT = "kontor.tracing.endpoint";
  private static final String SHARE = "kontor.tracing.share";

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
   * @throws StartupRejectedException when a value is invalid
   */
  public static TracingProperties of(Environment environment) {
    return new TracingProperties(
        endpoint(environment.getProperty(ENDPOINT, "")), share(environment.getProperty(SHARE, "")));
  }

  private static @Nullable URI endpoint(String url) {
    if (url.isBlank()) {
      return null;
    }
    if (!url.strip().matches("https?://[^/?#\\s]+/[^?#\\s]*")) {
      throw new StartupRejectedException(
          "KONTOR_TRACING_ENDPOINT is not the URL of an OTLP receiver over HTTP, such as"
              + " http://collector:4318/v1/traces: '%s'".formatted(url));
    }
    return URI.create(url.strip());
  }

  private static double share(String share) {
    if (share.isBlank()) {
      return 0.1;
    }
    if (!share.strip().matches("0(\\.[0-9]+)?|1(\\.0+)?")) {
      throw new StartupRejectedException(
          "KONTOR_TRACING_SHARE is a number from 0 to 1, such as 0.1, not '%s'".formatted(share));
    }
    return Double.parseDouble(share.strip());
  }

  /** Sets Spring Boot's own properties. */
  void applyTo(ConfigurableEnvironment environment) {
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

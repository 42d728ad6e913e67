package io.kontor.limits;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The limits. Each application places {@link RateLimitFilter} in its security. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitsProperties.class)
public class LimitsConfiguration {
  @Bean
  RateLimits rateLimits(LimitsProperties limits, MeterRegistry meters) {
    return new RateLimits(limits, meters);
  }
}

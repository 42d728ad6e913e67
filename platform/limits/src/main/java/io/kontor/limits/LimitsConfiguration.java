package io.kontor.limits;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The limits. Each application places {@link RateLimitFilter} in its security, and has a {@link
 * LimitPlanLookup}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitsProperties.class)
public class LimitsConfiguration {
  @Bean
  LimitPlans limitPlans(LimitsProperties limits, LimitPlanLookup lookup) {
    return new LimitPlans(limits, lookup);
  }

  @Bean
  RateLimits rateLimits(LimitsProperties limits, LimitPlans plans, MeterRegistry meters) {
    return new RateLimits(limits, plans, meters);
  }
}

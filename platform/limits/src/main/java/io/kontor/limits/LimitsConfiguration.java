package io.kontor.limits;

import io.github.bucket4j.TimeMeter;
import io.kontor.redis.RedisNodes;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
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

  /** Processes on different machines have the time of day in common. */
  @Bean
  RateLimits rateLimits(
      LimitsProperties limits,
      LimitPlans plans,
      MeterRegistry meters,
      ObjectProvider<RedisNodes> redis,
      @Value("${spring.application.name}") String program) {
    RedisNodes nodes = limits.shared() ? redis.getIfAvailable() : null;
    if (limits.shared() && nodes == null) {
      throw new InvalidConfigurationPropertyValueException(
          "kontor.limits.shared",
          true,
          "set kontor.redis.nodes, in which processes count together");
    }
    return new RateLimits(
        limits,
        plans,
        meters,
        TimeMeter.SYSTEM_NANOTIME,
        nodes == null ? null : new SharedBuckets(nodes, program, TimeMeter.SYSTEM_MILLISECONDS));
  }
}

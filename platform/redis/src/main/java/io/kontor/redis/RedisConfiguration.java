package io.kontor.redis;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Redis, if servers are configured; without them no class of Lettuce is loaded. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RedisProperties.class)
public class RedisConfiguration {

  /** What exists only with servers. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnRedis
  static class Servers {
    @Bean(destroyMethod = "close")
    RedisNodes redisNodes(RedisProperties properties, MeterRegistry meters) {
      return new RedisNodes(properties, meters);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnProperty("kontor.redis.nodes-file")
    RedisNodesFile redisNodesFile(RedisProperties properties, RedisNodes nodes) {
      return new RedisNodesFile(Objects.requireNonNull(properties.nodesFile()), nodes);
    }

    @Bean
    RedisHealthIndicator redisHealthIndicator(RedisNodes nodes) {
      return new RedisHealthIndicator(nodes);
    }
  }
}

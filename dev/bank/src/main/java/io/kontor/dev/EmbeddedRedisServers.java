package io.kontor.dev;

import io.kontor.embeddedredis.EmbeddedRedis;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Starts {@code kontor.embedded.redis} servers, which end with this process. Before the context,
 * since whether there are servers decides on its beans.
 */
final class EmbeddedRedisServers implements EnvironmentPostProcessor {
  private static final String COUNT = "kontor.embedded.redis";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if (!environment.acceptsProfiles(Profiles.of("embedded"))) {
      return;
    }
    int count =
        Binder.get(environment)
            .bindOrCreate("kontor.embedded", EmbeddedServerProperties.class)
            .redis();
    if (count < 0 || count > EmbeddedServerProperties.MOST_REDIS) {
      throw new InvalidConfigurationPropertyValueException(
          COUNT, count, "must be 0 to " + EmbeddedServerProperties.MOST_REDIS);
    }
    if (count > 0) {
      String nodes =
          String.join(
              ",",
              IntStream.range(0, count).mapToObj(n -> EmbeddedRedis.start().address()).toList());
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource("embeddedRedis", Map.of("kontor.redis.nodes", nodes)));
    }
  }
}

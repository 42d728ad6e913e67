package io.kontor.cache;

import io.kontor.redis.RedisConfiguration;
import io.kontor.redis.RedisNodes;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.util.unit.DataSize;

/** A read through the cache in a context without servers, for a class loader of its own. */
public final class ReadsWithoutRedis implements Callable<String> {
  private static final CachedModel<String> NAMES =
      new CachedModel<>("names", (byte) 1, String.class, String::length, name -> true);

  @Override
  public String call() {
    Thread.currentThread().setContextClassLoader(ReadsWithoutRedis.class.getClassLoader());
    try (var context = new AnnotationConfigApplicationContext()) {
      context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
      context.register(RedisConfiguration.class);
      context.refresh();
      var changes = new KnownChanges();
      var now = new Version(1, 1);
      changes.begin("db", Map.of("names", now));
      var cache =
          new ReadModelCache(
              changes,
              new CacheProperties(
                  DataSize.ofMegabytes(1), true, Duration.ofMinutes(1), Duration.ofSeconds(1)),
              context.getBeanProvider(RedisNodes.class).getIfAvailable(),
              context.getBean(MeterRegistry.class));
      return TenantContext.call(
          new TenantId("acme"),
          () -> cache.find(NAMES, "1", 0, () -> new Versioned<>(now, "Ada")).orElseThrow());
    }
  }
}

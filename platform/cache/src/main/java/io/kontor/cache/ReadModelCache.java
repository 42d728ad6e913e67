package io.kontor.cache;

import io.kontor.cache.RemoteCache.Stored;
import io.kontor.redis.RedisNodes;
import io.kontor.tenancy.TenantContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds a row in this process, then in Redis, then in the database. A copy is used only if it is
 * the row's state at the reader's position or later, and as of all changes that this process knows
 * of.
 */
public final class ReadModelCache {
  private static final Duration LONGEST_LOAD = Duration.ofSeconds(30);
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(5);

  private final KnownChanges changes;
  private final CacheProperties properties;
  private final NearCache near;
  private final @Nullable RemoteCache remote;
  private final boolean isOff;
  private final MeterRegistry meters;
  private final JsonMapper json = JsonMapper.shared();
  private final ConcurrentMap<CacheKey, CompletableFuture<Versioned<?>>> loads =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();

  /**
   * @param redis null if copies are kept in this process only
   */
  public ReadModelCache(
      KnownChanges changes,
      CacheProperties properties,
      @Nullable RedisNodes redis,
      MeterRegistry meters) {
    this.changes = changes;
    this.properties = properties;
    this.near = new NearCache(properties, meters);
    this.remote = redis == null || !properties.redis() ? null : new RemoteCache(redis);
    this.isOff = remote == null && properties.near().toBytes() == 0;
    this.meters = meters;
  }

  /**
   * Finds a row of the current tenant.
   *
   * @param minPosition the row's state must be at least that of this position
   * @param loader reads row and version by one statement
   * @throws io.kontor.tenancy.NoTenantException when no tenant is bound
   */
  public <T> Optional<T> find(
      CachedModel<T> model, String id, long minPosition, Supplier<Versioned<T>> loader) {
    var key = new CacheKey(TenantContext.current(), model.name(), id);
    String database = changes.usableDatabase();
    if (database == null || isOff) {
      count(model, isOff ? "loaded" : "bypassed");
      return Optional.ofNullable(loader.get().value());
    }
    Versioned<?> kept = near.get(key);
    if (kept != null) {
      if (changes.allows(key, kept.version(), minPosition)) {
        count(model, "near");
        return value(model, kept);
      }
      count(model, "stale");
      near.remove(key);
    }
    return value(model, once(new Search<>(model, key, database, minPosition, loader)));
  }

  /** Removes copies that the commit made unusable; readers refuse them anyway. */
  void invalidate(ModelChange change) {
    String database = changes.usableDatabase();
    if (change.keys() != null) {
      for (CacheKey key : change.keys()) {
        near.remove(key);
        if (remote != null && database != null) {
          remote.invalidate(stored(database, key), new Version(change.edition(), change.to()));
        }
      }
    }
  }

  private record Search<T>(
      CachedModel<T> model,
      CacheKey key,
      String database,
      long minPosition,
      Supplier<Versioned<T>> loader) {}

  /**
   * One search at a time for a key; others wait for its result and use it if it is good for them.
   */
  private <T> Versioned<?> once(Search<T> search) {
    var mine = new CompletableFuture<Versioned<?>>();
    CompletableFuture<Versioned<?>> other = loads.putIfAbsent(search.key(), mine);
    if (other != null) {
      Versioned<?> found = joined(other);
      if (found != null && changes.allows(search.key(), found.version(), search.minPosition())) {
        count(search.model(), "joined");
        return found;
      }
      return load(search);
    }
    try {
      Versioned<?> found = remote(search);
      if (found == null) {
        found = load(search);
      }
      mine.complete(found);
      return found;
    } finally {
      // Without a result the others load by themselves.
      mine.cancel(false);
      loads.remove(search.key(), mine);
    }
  }

  private static @Nullable Versioned<?> joined(CompletableFuture<Versioned<?>> other) {
    try {
      return other.get(JOIN_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException failed) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private <T> @Nullable Versioned<T> remote(Search<T> search) {
    if (remote == null) {
      return null;
    }
    Stored stored = remote.get(stored(search));
    if (stored == null) {
      return null;
    }
    if (!changes.allows(search.key(), stored.version(), search.minPosition())) {
      count(search.model(), "stale");
      return null;
    }
    try {
      byte[] content = stored.content();
      if (content != null && content[0] != search.model().format()) {
        return null;
      }
      T value =
          content == null
              ? null
              : json.readValue(content, 1, content.length - 1, search.model().type());
      var found = new Versioned<T>(stored.version(), value);
      changes.seen(search.key(), found.version());
      keep(search, found);
      count(search.model(), "redis");
      return found;
    } catch (JacksonException foreign) {
      return null;
    }
  }

  private <T> Versioned<T> load(Search<T> search) {
    long start = System.nanoTime();
    Versioned<T> loaded = search.loader().get();
    count(search.model(), "loaded");
    changes.seen(search.key(), loaded.version());
    T value = loaded.value();
    boolean lasts =
        System.nanoTime() - start < LONGEST_LOAD.toNanos()
            && (value == null || search.model().storable().test(value))
            && changes.allows(search.key(), loaded.version(), 0);
    if (lasts) {
      keep(search, loaded);
      if (remote != null) {
        remote.put(
            stored(search),
            new Stored(loaded.version(), value == null ? null : content(search.model(), value)),
            properties.ttl(value == null));
      }
    }
    return loaded;
  }

  private <T> void keep(Search<T> search, Versioned<T> found) {
    T value = found.value();
    near.put(
        search.key(),
        found,
        value == null ? 0 : search.model().weight().applyAsInt(value),
        properties.ttl(value == null));
  }

  private static <T> Optional<T> value(CachedModel<T> model, Versioned<?> found) {
    return Optional.ofNullable(model.type().cast(found.value()));
  }

  private static String stored(Search<?> search) {
    return stored(search.database(), search.key());
  }

  /** The format, then JSON. */
  private <T> byte[] content(CachedModel<T> model, T value) {
    byte[] written = json.writeValueAsBytes(value);
    byte[] content = new byte[written.length + 1];
    content[0] = model.format();
    System.arraycopy(written, 0, content, 1, written.length);
    return content;
  }

  private static String stored(String database, CacheKey key) {
    return "kontor:%s:%s".formatted(database, key);
  }

  private void count(CachedModel<?> model, String result) {
    counters
        .computeIfAbsent(
            model.name() + "/" + result,
            name ->
                Counter.builder("kontor.cache.reads")
                    .description("reads by where the row was found, and stale copies refused")
                    .tag("model", model.name())
                    .tag("result", result)
                    .register(meters))
        .increment();
  }
}

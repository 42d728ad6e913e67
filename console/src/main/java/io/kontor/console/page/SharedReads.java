package io.kontor.console.page;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kontor.web.security.Role;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What all people with the same roles in the same tenant read alike, read once for all of them and
 * kept for five seconds, so that many open pages cost the bank as much as one. A read that throws
 * is not kept.
 */
@Component
final class SharedReads {
  private static final Duration KEPT_FOR = Duration.ofSeconds(5);
  private static final int MOST = 10_000;

  private final AsyncCache<Key, Object> kept =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT_FOR).buildAsync();

  /** Answers depend on nothing else of the person. */
  private record Key(@Nullable String tenant, Set<Role> roles, String name) {}

  /**
   * The answer of the last seconds, or a new one.
   *
   * @param name of what is read; the same for all
   * @param read does not answer differently to people with the same roles in the same tenant
   */
  @SuppressWarnings("unchecked")
  <T> T get(SignedIn person, String name, Supplier<T> read) {
    var mine = new CompletableFuture<Object>();
    CompletableFuture<Object> others =
        kept.asMap().putIfAbsent(new Key(person.tenant(), Set.copyOf(person.roles()), name), mine);
    if (others != null) {
      try {
        return (T) others.join();
      } catch (CompletionException theirs) {
        return read.get(); // what went wrong may concern that person only
      }
    }
    try {
      T answer = read.get();
      mine.complete(answer);
      return answer;
    } catch (RuntimeException | Error failure) {
      mine.completeExceptionally(failure);
      throw failure;
    }
  }
}

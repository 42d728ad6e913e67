package io.kontor.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.tenancy.NoTenantException;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@Tag("fast")
class ReadModelCacheTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final Version NOW = new Version(1, 100);
  private static final CachedModel<String> NAMES =
      new CachedModel<>("names", (byte) 1, String.class, String::length, name -> true);

  private final KnownChanges changes = new KnownChanges();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ReadModelCache cache = cache(DataSize.ofMegabytes(1));
  private final AtomicInteger loads = new AtomicInteger();

  ReadModelCacheTest() {
    changes.begin("db", Map.of("names", NOW));
  }

  @Test
  void oneOfManyReadersLoadsForAll() throws Exception {
    var release = new CountDownLatch(1);
    List<FutureTask<Optional<String>>> readers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      var reader =
          new FutureTask<>(
              () ->
                  find(
                      "1",
                      0,
                      () -> {
                        awaitRelease(release);
                        return loaded("Ada");
                      }));
      readers.add(reader);
      threads.add(Thread.startVirtualThread(reader));
    }
    await().until(() -> threads.stream().allMatch(ReadModelCacheTest::isWaiting));
    release.countDown();

    for (FutureTask<Optional<String>> reader : readers) {
      assertThat(reader.get()).contains("Ada");
    }
    assertThat(loads).hasValue(1);
    assertThat(count("joined")).isEqualTo(49);
  }

  @Test
  void aReaderOfALaterPositionDoesNotTakeWhatAnotherOneLoads() throws Exception {
    var release = new CountDownLatch(1);
    var early =
        new FutureTask<>(
            () ->
                find(
                    "1",
                    0,
                    () -> {
                      awaitRelease(release);
                      return loaded("before");
                    }));
    Thread loading = Thread.startVirtualThread(early);
    await().until(() -> isWaiting(loading));
    changes.apply(new ModelChange("names", 1, 100, 101, Set.of(key("1"))));
    var late =
        new FutureTask<>(() -> find("1", 101, () -> new Versioned<>(new Version(1, 101), "after")));
    Thread joining = Thread.startVirtualThread(late);
    await().until(() -> isWaiting(joining));
    release.countDown();

    assertThat(late.get()).contains("after");
    assertThat(early.get()).contains("before");
    assertThat(find("1", 0, () -> loaded("never"))).contains("after");
  }

  @Test
  void aLoadThatFailsFailsItsReaderOnly() {
    assertThatThrownBy(
            () ->
                find(
                    "1",
                    0,
                    () -> {
                      throw new IllegalStateException("no connection");
                    }))
        .hasMessage("no connection");
    assertThat(find("1", 0, () -> loaded("Ada"))).contains("Ada");
  }

  @Test
  void anAbsentRowIsRemembered() {
    assertThat(find("1", 0, () -> new Versioned<>(NOW, null))).isEmpty();
    assertThat(find("1", 0, () -> loaded("never"))).isEmpty();

    changes.apply(new ModelChange("names", 1, 100, 101, Set.of(key("1"))));
    assertThat(find("1", 0, () -> new Versioned<>(new Version(1, 101), "Ada"))).contains("Ada");
  }

  @Test
  void withoutMemoryAndWithoutRedisEachReadLoads() {
    ReadModelCache off = cache(DataSize.ofBytes(0));
    for (int i = 0; i < 3; i++) {
      assertThat(
              TenantContext.call(ACME, () -> off.find(NAMES, "1", 0, counted(() -> loaded("Ada")))))
          .contains("Ada");
    }
    assertThat(loads).hasValue(3);
  }

  @Test
  void thereIsNoReadWithoutATenant() {
    assertThatThrownBy(() -> cache.find(NAMES, "1", 0, () -> loaded("Ada")))
        .isInstanceOf(NoTenantException.class);
  }

  @Test
  void copiesThatAreStoredTogetherExpireOverATenthOfTheirTime() {
    CacheProperties properties = properties(DataSize.ofMegabytes(1));
    long[] seconds =
        LongStream.range(0, 1_000).map(n -> properties.ttl(false).toSeconds()).toArray();

    assertThat(LongStream.of(seconds).min().orElseThrow()).isBetween(540L, 560L);
    assertThat(LongStream.of(seconds).max().orElseThrow()).isBetween(640L, 660L);
    assertThat(properties.ttl(true)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
  }

  private Optional<String> find(String id, long minPosition, Supplier<Versioned<String>> loader) {
    return TenantContext.call(ACME, () -> cache.find(NAMES, id, minPosition, counted(loader)));
  }

  private Supplier<Versioned<String>> counted(Supplier<Versioned<String>> loader) {
    return () -> {
      loads.incrementAndGet();
      return loader.get();
    };
  }

  private static Versioned<String> loaded(String name) {
    return new Versioned<>(NOW, name);
  }

  private static CacheKey key(String id) {
    return new CacheKey(ACME, "names", id);
  }

  private double count(String result) {
    return meters.counter("kontor.cache.reads", "model", "names", "result", result).count();
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == State.WAITING || thread.getState() == State.TIMED_WAITING;
  }

  private static void awaitRelease(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ReadModelCache cache(DataSize near) {
    return new ReadModelCache(changes, properties(near), null, meters);
  }

  private static CacheProperties properties(DataSize near) {
    return new CacheProperties(near, true, Duration.ofMinutes(10), Duration.ofSeconds(10));
  }
}

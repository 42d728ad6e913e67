package io.kontor.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.cache.RemoteCache.Stored;
import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against three real servers. */
@Tag("fast")
class RemoteCacheTest {
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final String KEY = "kontor:db:acme:accounts:1";

  private final List<EmbeddedRedis> servers = new ArrayList<>();
  private @Nullable RedisNodes nodes;

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
    servers.forEach(EmbeddedRedis::close);
  }

  @Test
  void anOlderValueReplacesNeitherANewerOneNorAnInvalidation() {
    RemoteCache cache = of(start(3), false);
    put(cache, 20, "new");
    cache.put(KEY, stored(10, "old"), TTL);
    cache.put("other", stored(1, "later"), TTL);
    await().until(() -> cache.get("other") != null);
    assertThat(content(cache)).isEqualTo("new");

    cache.invalidate(KEY, new Version(1, 30));
    await().until(() -> cache.get(KEY) == null);
    cache.put(KEY, stored(29, "slow loader"), TTL);
    cache.put("other", stored(2, "later"), TTL);
    await().until(() -> version(cache, "other") == 2);
    assertThat(cache.get(KEY)).isNull();

    put(cache, 30, "as of the change");
    assertThat(content(cache)).isEqualTo("as of the change");
  }

  @Test
  void anAbsentValueIsKept() {
    RemoteCache cache = of(start(1), false);
    await()
        .until(
            () -> {
              cache.put(KEY, new Stored(new Version(1, 5), null), TTL);
              return cache.get(KEY) != null;
            });
    assertThat(found(cache, KEY).content()).isNull();
  }

  @Test
  void aReplicaServesWhenTheFirstIsGoneAndTheFirstIsMendedWhenItIsBack() {
    RemoteCache cache = of(start(3), false);
    put(cache, 10, "kept twice");
    String first = requireNonNull(nodes).nodesOf(KEY).getFirst().name();
    EmbeddedRedis server =
        servers.stream().filter(one -> one.address().equals(first)).findFirst().orElseThrow();

    server.kill();
    assertThat(content(cache)).isEqualTo("kept twice");

    server.restart();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              assertThat(content(cache)).isEqualTo("kept twice");
              return server.command("EXISTS " + KEY).equals(":1");
            });
  }

  @Test
  void withoutAnyServerNothingIsFoundAndNothingFails() {
    RemoteCache cache = of(start(2), false);
    put(cache, 10, "lost");

    servers.forEach(EmbeddedRedis::kill);

    await().atMost(Duration.ofSeconds(30)).until(() -> cache.get(KEY) == null);
    cache.put(KEY, stored(11, "nowhere"), TTL);
    cache.invalidate(KEY, new Version(1, 12));
    assertThat(cache.get(KEY)).isNull();
  }

  @Test
  void theRightsThatTheDocumentationNamesAreEnough() {
    List<EmbeddedRedis> running =
        start(
            1,
            ("--user default off --user kontor on >secret ~kontor:* +get +set +getrange +eval"
                    + " +evalsha")
                .split(" ", -1));
    RemoteCache cache = of(running, false, "kontor", "secret");

    put(cache, 10, "with few rights");

    assertThat(content(cache)).isEqualTo("with few rights");
    assertThat(running.getFirst().command("GET " + KEY)).startsWith("-NOAUTH");
  }

  @Test
  void aRedisClusterServesBehindTheSameInterface() {
    start(3, "--cluster-enabled", "yes");
    for (int i = 0; i < 3; i++) {
      int from = i * 16_384 / 3;
      int to = (i + 1) * 16_384 / 3;
      String slots =
          IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining(" "));
      assertThat(servers.get(i).command("CLUSTER ADDSLOTS " + slots)).isEqualTo("+OK");
      assertThat(servers.get(i).command("CLUSTER MEET 127.0.0.1 " + servers.getFirst().port()))
          .isEqualTo("+OK");
    }
    RemoteCache cache = of(servers, true);

    for (int i = 0; i < 20; i++) {
      String key = KEY + i;
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                cache.put(key, stored(10, "sharded"), TTL);
                return cache.get(key) != null;
              });
      assertThat(found(cache, key).content()).isEqualTo("sharded".getBytes(UTF_8));
    }
    assertThat(servers).noneMatch(server -> server.command("DBSIZE").equals(":0"));
  }

  private void put(RemoteCache cache, long position, String content) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              cache.put(KEY, stored(position, content), TTL);
              return requireNonNull(nodes).nodesOf(KEY).stream().allMatch(node -> node.isUp())
                  && version(cache, KEY) == position;
            });
  }

  private static long version(RemoteCache cache, String key) {
    Stored stored = cache.get(key);
    return stored == null ? 0 : stored.version().position();
  }

  private static Stored found(RemoteCache cache, String key) {
    return requireNonNull(cache.get(key));
  }

  private static String content(RemoteCache cache) {
    return new String(requireNonNull(found(cache, KEY).content()), UTF_8);
  }

  private static Stored stored(long position, String content) {
    return new Stored(new Version(1, position), content.getBytes(UTF_8));
  }

  private List<EmbeddedRedis> start(int count, String... settings) {
    IntStream.range(0, count).forEach(i -> servers.add(EmbeddedRedis.start(settings)));
    return servers;
  }

  private RemoteCache of(List<EmbeddedRedis> running, boolean cluster) {
    return of(running, cluster, null, null);
  }

  private RemoteCache of(
      List<EmbeddedRedis> running,
      boolean cluster,
      @Nullable String user,
      @Nullable String password) {
    var used =
        new RedisNodes(
            new RedisProperties(
                running.stream().map(EmbeddedRedis::address).toList(),
                null,
                cluster,
                user,
                password,
                false,
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                2,
                100),
            new SimpleMeterRegistry());
    nodes = used;
    return new RemoteCache(used);
  }
}

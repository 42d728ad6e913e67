package io.kontor.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.embeddedredis.EmbeddedRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against a real server. */
@Tag("fast")
class RedisNodesTest {
  private static final RedisScript SET =
      new RedisScript("redis.call('SET', KEYS[1], ARGV[1]) return 1");

  private final EmbeddedRedis server = EmbeddedRedis.start("--requirepass", "secret");
  private final RedisNodes nodes = nodes("secret");

  @AfterEach
  void stop() {
    nodes.close();
    server.close();
  }

  @Test
  void aScriptRunsAlsoWhereItIsNotKnownYet() {
    RedisNode node = nodes.all().getFirst();

    assertThat(set(node, "a")).isEqualTo(1L);
    assertThat(node.get("a").join()).isEqualTo("value".getBytes(UTF_8));
    assertThat(node.get("b").join()).isNull();
    assertThat(node.isUp()).isTrue();
  }

  @Test
  void aWrongPasswordIsAFailure() {
    try (RedisNodes strangers = nodes("wrong")) {
      assertThatThrownBy(() -> strangers.all().getFirst().get("a").join())
          .isInstanceOf(CompletionException.class);
    }
  }

  @Test
  void aServerThatIsSilentFailsWithinTheTimeoutAndIsNotCalledAnyMore() {
    RedisNode node = nodes.all().getFirst();
    set(node, "a");
    server.pause();

    assertThatThrownBy(() -> node.get("a").join()).hasCauseInstanceOf(TimeoutException.class);
    await().atMost(Duration.ofSeconds(30)).until(() -> isRefused(node));
    assertThat(node.isUp()).isFalse();

    server.resume();
    await().atMost(Duration.ofSeconds(30)).until(() -> isAnswered(node) && node.isUp());
  }

  @Test
  void aServerThatWasKilledServesAgainWhenItIsBack() {
    RedisNode node = nodes.all().getFirst();
    set(node, "a");
    server.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> !node.isUp());

    server.restart();

    await().atMost(Duration.ofSeconds(30)).until(() -> isAnswered(node) && node.isUp());
    assertThat(node.get("a").join()).isNull();
  }

  @Test
  void serversJoinAndLeave() {
    try (var second = EmbeddedRedis.start("--requirepass", "secret")) {
      RedisNode stays = nodes.all().getFirst();

      nodes.use(List.of(server.address(), second.address()));
      assertThat(nodes.nodesOf("a")).hasSize(2);
      assertThat(nodes.all()).contains(stays);

      nodes.use(List.of(second.address()));
      assertThat(nodes.nodesOf("a")).extracting(RedisNode::name).containsExactly(second.address());

      nodes.use(List.of());
      assertThat(nodes.nodesOf("a")).isEmpty();
    }
  }

  private static Long set(RedisNode node, String key) {
    await().atMost(Duration.ofSeconds(30)).until(() -> isAnswered(node));
    return node.run(SET, List.of(key), List.of("value".getBytes(UTF_8))).join();
  }

  private static boolean isAnswered(RedisNode node) {
    return failure(node) == null;
  }

  private static boolean isRefused(RedisNode node) {
    return failure(node) instanceof RedisUnavailableException;
  }

  private static @Nullable Throwable failure(RedisNode node) {
    try {
      node.get("a").get(5, TimeUnit.SECONDS);
      return null;
    } catch (Exception failed) {
      return failed.getCause();
    }
  }

  private RedisNodes nodes(String password) {
    return new RedisNodes(
        new RedisProperties(
            List.of(server.address()),
            null,
            false,
            null,
            password,
            false,
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            2,
            100),
        new SimpleMeterRegistry());
  }
}

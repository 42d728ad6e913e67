package io.kontor.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.embeddedredis.EmbeddedRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against a real server. */
@Tag("fast")
class RedisSubscriptionTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String CHANNEL = "kontor_notifications";

  /** Keeps what it hears. */
  private static final class Listener implements RedisSubscriber {
    final CountDownLatch subscribed = new CountDownLatch(1);
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void subscribed() {
      subscribed.countDown();
    }

    @Override
    public void message(byte[] message) {
      heard.add(new String(message, UTF_8));
    }
  }

  @Test
  void aUserWhoMayNotListenKeepsNoConnectionsAndListensOnceThatIsAllowed() throws Exception {
    try (var server =
            EmbeddedRedis.start(
                "--user kontor on >secret resetchannels +subscribe +publish".split(" ", -1));
        RedisNodes nodes = nodes(server)) {
      var listener = new Listener();
      try (var _ = nodes.subscribe(CHANNEL, listener)) {
        await().atMost(SOON).until(() -> refusals(server) >= 5);
        assertThat(figure(server, "clients", "connected_clients"))
            .as("this question's connection, the latest attempt's, and one being closed")
            .isLessThanOrEqualTo(3);

        assertThat(server.command("ACL SETUSER kontor &" + CHANNEL)).isEqualTo("+OK");
        assertThat(listener.subscribed.await(60, TimeUnit.SECONDS)).isTrue();
        nodes.all().getFirst().publish(CHANNEL, "news".getBytes(UTF_8)).join();
        assertThat(listener.heard.poll(60, TimeUnit.SECONDS)).isEqualTo("news");
      }
    }
  }

  @Test
  void aConnectionThatOpensWhenNobodyWaitsForItIsClosed() throws Exception {
    var asked = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    var opening = new CompletableFuture<Supplier<CompletableFuture<Void>>>();
    try (var server = EmbeddedRedis.start();
        RedisNodes nodes = nodes(server)) {
      RedisSubscription subscription =
          new RedisSubscription(
                  nodes::all,
                  node -> {
                    asked.countDown();
                    return opening;
                  })
              .started();
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      subscription.close();
    }
    opening.complete(
        () -> {
          closed.countDown();
          return new CompletableFuture<>();
        });
    assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static int refusals(EmbeddedRedis server) {
    return figure(server, "commandstats", "cmdstat_subscribe:.-rejected_calls");
  }

  /** A number of the server's INFO; 0 if it is not there. */
  private static int figure(EmbeddedRedis server, String section, String name) {
    String answer =
        server.command(
            "EVAL \"return tonumber(string.match(redis.call('INFO','%s'),'%s[:=](%%d+)') or 0)\" 0"
                .formatted(section, name));
    return Integer.parseInt(answer.substring(1));
  }

  private static RedisNodes nodes(EmbeddedRedis server) {
    return new RedisNodes(
        new RedisProperties(
            List.of(server.address()),
            null,
            false,
            "kontor",
            "secret",
            false,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            1,
            100),
        new SimpleMeterRegistry());
  }
}

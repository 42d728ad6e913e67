package io.kontor.notifications.stream;

import static io.kontor.notifications.NotificationFixture.ACME;
import static io.kontor.notifications.NotificationFixture.deposited;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.notifications.NotificationFixture;
import io.kontor.notifications.store.PostgresSignals;
import io.kontor.notifications.store.RedisSignals;
import io.kontor.notifications.store.UserSignal;
import io.kontor.redis.RedisNodes;
import io.kontor.redis.RedisProperties;
import io.kontor.redis.RedisSubscriber;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals by two real Redis servers, one of which goes away. */
@Timeout(120)
class RedisSignalsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final NotificationFixture news = new NotificationFixture();
  private final EmbeddedRedis one = EmbeddedRedis.start();
  private final EmbeddedRedis two = EmbeddedRedis.start();
  private final RedisNodes redis =
      new RedisNodes(
          new RedisProperties(
              List.of(one.address(), two.address()),
              null,
              false,
              null,
              null,
              false,
              Duration.ofSeconds(5),
              Duration.ofSeconds(2),
              1,
              100),
          new SimpleMeterRegistry());
  private final NewsSignals signals = new NewsSignals();
  private final RedisSignals sender = new RedisSignals(redis, new PostgresSignals(news.worker));

  @AfterEach
  void close() {
    redis.close();
    one.close();
    two.close();
    news.close();
  }

  /** Wakes streams, and counts servers that are listened to. */
  private final class Listener implements RedisSubscriber {
    final Semaphore servers = new Semaphore(0);

    @Override
    public void subscribed() {
      signals.subscribed();
      servers.release();
    }

    @Override
    public void message(byte[] message) {
      signals.message(message);
    }
  }

  @Test
  void usersAreSignalledByRedisAndWhileItIsAwayByPostgres() throws InterruptedException {
    var listener = new Listener();
    AccountId account = news.opened("ada");
    try (var ada = signals.open(ACME, "ada");
        var _ = redis.subscribe(UserSignal.REDIS_CHANNEL, listener)) {
      assertThat(listener.servers.tryAcquire(2, 60, TimeUnit.SECONDS)).isTrue();
      assertThat(ada.await(LONG)).as("what was sent before was not heard").isTrue();
      news.write(sender, deposited(account, "1.00", "1.00"));
      assertThat(ada.await(LONG)).as("by Redis").isTrue();

      var postgres = new PostgresNotificationListener(news.worker);
      postgres.subscribe(DatabaseSchema.SHARED, UserSignal.CHANNEL, signals);
      postgres.start();
      assertThat(ada.await(LONG)).as("PostgreSQL is listened to").isTrue();
      one.kill();
      two.kill();
      news.write(sender, deposited(account, "1.00", "2.00"));
      assertThat(ada.await(LONG)).as("by PostgreSQL").isTrue();
      postgres.stop();

      one.restart();
      two.restart();
      assertThat(listener.servers.tryAcquire(2, 60, TimeUnit.SECONDS)).as("again").isTrue();
    }
  }
}

package io.kontor.notifications.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kontor.database.listen.NotificationHandler;
import io.kontor.notifications.store.UserSignal;
import io.kontor.redis.RedisSubscriber;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes the connections of users who may have new notifications, whichever node made them. */
public final class NewsSignals implements NotificationHandler, RedisSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(NewsSignals.class);

  private final Map<String, Set<Signal>> waiting = new ConcurrentHashMap<>();

  /** What one connection waits for. */
  final class Signal implements AutoCloseable {
    private final Semaphore news = new Semaphore(0);
    private final String user;

    private Signal(String user) {
      this.user = user;
    }

    /** Waits for news since the last call; false if none came in time. */
    boolean await(Duration timeout) throws InterruptedException {
      boolean came = news.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
      news.drainPermits();
      return came;
    }

    void wake() {
      news.release();
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          user,
          (digest, signals) -> {
            signals.remove(this);
            return signals.isEmpty() ? null : signals;
          });
    }
  }

  /** Signals for a user's connection, from now on. */
  Signal open(TenantId tenant, String subject) {
    String user = UserSignal.of(tenant, subject);
    var signal = new Signal(user);
    waiting.compute(
        user,
        (digest, signals) -> {
          Set<Signal> all = signals == null ? ConcurrentHashMap.newKeySet() : signals;
          all.add(signal);
          return all;
        });
    return signal;
  }

  private void wake(String user) {
    waiting.getOrDefault(user, Set.of()).forEach(Signal::wake);
  }

  /** What was sent before was not heard. */
  @Override
  public void begins() {
    waiting.keySet().forEach(this::wake);
  }

  @Override
  public void subscribed() {
    begins();
  }

  @Override
  public void message(byte[] message) {
    hears(List.of(new String(message, US_ASCII)));
  }

  @Override
  public void hears(List<String> payloads) {
    for (String payload : payloads) {
      try {
        UserSignal.users(payload).forEach(this::wake);
      } catch (IllegalArgumentException stray) {
        // Any login can notify, and any client of Redis publish.
        LOG.warn("notification ignored channel={} length={}", UserSignal.CHANNEL, payload.length());
      }
    }
  }
}

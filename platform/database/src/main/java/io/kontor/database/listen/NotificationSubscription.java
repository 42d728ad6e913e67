package io.kontor.database.listen;

import static io.kontor.database.listen.PostgresNotificationListener.POLL_TIMEOUT_MILLIS;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the notifications of one channel to their handler, on a thread of its own: a handler that
 * waits holds up no other one.
 */
public final class NotificationSubscription implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NotificationSubscription.class);

  /** When more are waiting, they are lost, and the handler begins anew. */
  private static final int MOST_WAITING = 10_000;

  private static final long CLOSED = -1;

  private final String channel;
  private final NotificationHandler handler;
  private final Consumer<NotificationSubscription> onClose;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile long aliveAt = System.nanoTime();

  // guarded by the lock
  private List<String> waiting = new ArrayList<>();
  private boolean established;
  private boolean heardSomething;
  private boolean connectionIsAlive;
  private boolean closed;

  /** Counts the times when notifications were lost. */
  private long losses;

  NotificationSubscription(
      String channel, NotificationHandler handler, Consumer<NotificationSubscription> onClose) {
    this.channel = channel;
    this.handler = handler;
    this.onClose = onClose;
    thread = Thread.ofVirtual().name("hears-" + channel).start(this::run);
  }

  /** The name of the channel, with that of the schema. */
  String channel() {
    return channel;
  }

  /** Notifications arrive from now on. */
  void established() {
    change(() -> established = true);
  }

  /** A notification arrived. */
  void arrived(String payload) {
    change(
        () -> {
          heardSomething = true;
          waiting.add(payload);
          if (waiting.size() > MOST_WAITING) {
            waiting.clear();
            losses++;
          }
        });
  }

  /** The connection was checked. */
  void connectionIsAlive() {
    change(
        () -> {
          connectionIsAlive = !heardSomething;
          heardSomething = false;
        });
  }

  /** The connection is lost. */
  void lost() {
    change(
        () -> {
          established = false;
          waiting.clear();
          losses++;
        });
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The time since the last iteration of the loop, or since construction: some seconds at most
   * while it runs, even during a database outage.
   */
  public Duration sinceSignOfLife() {
    return Duration.ofNanos(System.nanoTime() - aliveAt);
  }

  /**
   * Ends the subscription; waits at most two seconds for the handler.
   *
   * @throws InterruptedException when interrupted while waiting
   */
  @Override
  public void close() throws InterruptedException {
    onClose.accept(this);
    change(() -> closed = true);
    thread.join(Duration.ofMillis(2 * POLL_TIMEOUT_MILLIS));
  }

  private void run() {
    try {
      while (true) {
        long begunAt = awaitEstablished();
        if (begunAt == CLOSED) {
          return;
        }
        try {
          handle(begunAt);
        } catch (SQLException | RuntimeException | Error failure) {
          log.warn("notification not handled channel={}", channel, failure);
          TimeUnit.MILLISECONDS.sleep(POLL_TIMEOUT_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The number of losses so far, or {@link #CLOSED}. */
  private long awaitEstablished() throws InterruptedException {
    lock.lock();
    try {
      while (!established && !closed) {
        aliveAt = System.nanoTime();
        var _ = changed.await(POLL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      }
      return closed ? CLOSED : losses;
    } finally {
      lock.unlock();
    }
  }

  /** Until notifications are lost or the subscription is closed. */
  private void handle(long begunAt) throws SQLException, InterruptedException {
    try {
      handler.begins();
      while (true) {
        List<String> payloads;
        lock.lock();
        try {
          while (waiting.isEmpty() && !connectionIsAlive && losses == begunAt && !closed) {
            aliveAt = System.nanoTime();
            var _ = changed.await(POLL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
          }
          aliveAt = System.nanoTime();
          if (losses != begunAt || closed) {
            return;
          }
          payloads = waiting;
          waiting = new ArrayList<>();
          connectionIsAlive = false;
        } finally {
          lock.unlock();
        }
        if (payloads.isEmpty()) {
          handler.hearsNothing();
        } else {
          handler.hears(payloads);
        }
      }
    } finally {
      handler.ends();
    }
  }
}

package io.kontor.notifications.stream;

import io.kontor.notifications.store.Inbox;
import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.NumberedNotification;
import io.kontor.notifications.store.UnseenNotifications;
import io.kontor.tenancy.TenantContext;
import io.kontor.web.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Sends users their notifications: first what they have not seen, in pages, then what happens. Each
 * connection has a thread, which reads a page from the store and sends it before it reads the next
 * one: no more than a page is kept for a slow client, and a client that comes back goes on from the
 * store.
 */
public final class NotificationStreams implements SmartLifecycle {
  static final int PAGE = 100;

  private final Inbox inbox;
  private final NewsSignals signals;
  private final OpenConnections open;
  private final StreamLimits limits;
  private final InstantSource clock;
  private volatile boolean running;

  public NotificationStreams(
      Inbox inbox, NewsSignals signals, StreamLimits limits, InstantSource clock) {
    this.inbox = inbox;
    this.signals = signals;
    this.open = new OpenConnections(limits);
    this.limits = limits;
    this.clock = clock;
  }

  /** The way to a client. Its methods return when the client's side has room for more. */
  public interface Client {
    /** The connection is admitted, and nothing was sent yet. */
    void begin() throws IOException;

    /** Sends notifications, oldest first. */
    void send(List<Notification> page) throws IOException;

    /** Sends something without a meaning, to find out whether the client is there. */
    void heartbeat() throws IOException;
  }

  /**
   * Sends a user of the current tenant notifications until the time is over or the node stops.
   *
   * @param last the last one that the client has seen; null for all that are not read
   * @param expires when the client's token does
   * @throws ProblemException (429) when too many connections are open
   * @throws IOException when the client is gone or takes nothing
   */
  public void run(String subject, @Nullable UUID last, Instant expires, Client client)
      throws IOException {
    var tenant = TenantContext.current();
    Instant longest = clock.instant().plus(limits.longest());
    Instant end = expires.isBefore(longest) ? expires : longest;
    try (var _ = open.enter(tenant, subject);
        var signal = signals.open(tenant, subject)) {
      client.begin();
      UnseenNotifications unseen = inbox.unseen(subject, last);
      Duration left;
      do {
        List<NumberedNotification> page = unseen.next(PAGE);
        if (!page.isEmpty()) {
          client.send(page.stream().map(NumberedNotification::notification).toList());
        }
        left = Duration.between(clock.instant(), end);
        if (page.size() < PAGE && !signal.await(shorter(left, limits.heartbeat()))) {
          client.heartbeat();
        }
      } while (running && left.isPositive());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many connections this node has. */
  public int openConnections() {
    return open.count();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends all connections: the server waits for its requests when it stops. */
  @Override
  public void stop() {
    running = false;
    signals.wakeAll();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}

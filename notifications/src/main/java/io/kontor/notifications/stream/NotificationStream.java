package io.kontor.notifications.stream;

import static java.util.Comparator.naturalOrder;

import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.UnseenNotifications;
import io.kontor.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client, which has its place among the limits until it is closed. A page is
 * read from the store and sent before the next one is read: no more than a page is kept for a slow
 * client, and a client that comes back goes on from the store.
 */
public final class NotificationStream implements AutoCloseable {
  static final int PAGE = 100;

  private final TenantId tenant;
  private final String subject;
  private final NewsSignals.Signal signal;
  private final Duration heartbeat;
  private final Instant end;
  private final InstantSource clock;
  private final Consumer<NotificationStream> giveBack;
  private volatile boolean ended;

  /**
   * @param end when it is over at the latest
   * @param giveBack gives its place back
   */
  NotificationStream(
      TenantId tenant,
      String subject,
      NewsSignals.Signal signal,
      Duration heartbeat,
      Instant end,
      InstantSource clock,
      Consumer<NotificationStream> giveBack) {
    this.tenant = tenant;
    this.subject = subject;
    this.signal = signal;
    this.heartbeat = heartbeat;
    this.end = end;
    this.clock = clock;
    this.giveBack = giveBack;
  }

  TenantId tenant() {
    return tenant;
  }

  String subject() {
    return subject;
  }

  /** The way to a client. Its methods return when the client's side has room for more. */
  public interface Client {
    /** The connection is admitted, and nothing was sent yet. */
    void begin() throws IOException;

    /** Sends notifications, oldest first. */
    void send(List<Notification> page) throws IOException;

    /**
     * Says where the stream is, and finds out whether the client is there.
     *
     * @param last what a client that is cut off now has seen; null while that is not known
     */
    void heartbeat(@Nullable UUID last) throws IOException;
  }

  /**
   * Sends the client first what it has not seen, in pages, and then what happens, until the time is
   * over or the stream is ended.
   *
   * @param missed what the client has not seen, read when the connection has begun
   * @throws IOException when the client is gone or takes nothing
   * @throws RuntimeException when the store can't be read, for a minute if that is for the database
   */
  public void run(Supplier<UnseenNotifications> missed, Client client) throws IOException {
    client.begin();
    var reader = new UnseenReader(missed, clock);
    // The first one follows at once: a client that received nothing yet has a place to go on from.
    Instant beat = clock.instant();
    do {
      if (reader.isDue()) {
        List<Notification> page = reader.read();
        if (!page.isEmpty()) {
          client.send(page);
        }
      }
      if (!reader.isDue()) {
        try {
          if (signal.await(until(beat, reader.due()))) {
            reader.news();
          }
        } catch (InterruptedException stopping) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      if (!clock.instant().isBefore(beat)) {
        client.heartbeat(reader.last());
        beat = clock.instant().plus(heartbeat);
      }
    } while (!ended && !isOver());
  }

  /** How long there is nothing to do without news. */
  private Duration until(Instant beat, Instant due) {
    return Duration.between(clock.instant(), Stream.of(beat, due, end).min(naturalOrder()).get());
  }

  /** Whether its time is over. */
  public boolean isOver() {
    return !clock.instant().isBefore(end);
  }

  /** Ends {@link #run}, from another thread. */
  public void end() {
    ended = true;
    signal.wake();
  }

  @Override
  public void close() {
    giveBack.accept(this);
  }
}

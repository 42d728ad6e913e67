package io.kontor.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Receives a user's notifications, in order and one at a time, until it is closed. A connection
 * that is lost is opened again, after pauses that double up to 30 seconds, and goes on after the
 * last notification that was received. What was received is acknowledged, so that it does not come
 * first again for a client that does not know its last one.
 */
public final class NotificationClient implements AutoCloseable {
  /** Shared, since each has threads of its own. */
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 5;

  /** The server sends something each ten seconds. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  private final URI stream;
  private final Supplier<String> token;
  private final Consumer<ReceivedNotification> receiver;
  private final Thread thread;
  private volatile @Nullable UUID last;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  private NotificationClient(
      URI stream,
      Supplier<String> token,
      Consumer<ReceivedNotification> receiver,
      @Nullable UUID last) {
    this.stream = stream;
    this.token = token;
    this.receiver = receiver;
    this.last = last;
    this.thread = Thread.ofVirtual().name("notification-client").unstarted(this::run);
  }

  /**
   * Connects to a bank.
   *
   * @param bank its address, such as {@code https://bank.example}
   * @param token gives a valid token; it is called for each connection, and for another one when
   *     the last one has expired
   * @param receiver called with each notification; when it throws, that one comes again
   * @param last the {@link #last()} of an earlier client; null for all that are neither read nor
   *     acknowledged
   */
  public static NotificationClient connect(
      URI bank,
      Supplier<String> token,
      Consumer<ReceivedNotification> receiver,
      @Nullable UUID last) {
    URI stream =
        URI.create(bank.toString().replaceFirst("^http", "ws")).resolve("/v1/notifications/stream");
    var client = new NotificationClient(stream, token, receiver, last);
    client.thread.start();
    return client;
  }

  /** After which notification the next connection goes on; none before the first connection. */
  public Optional<UUID> last() {
    return Optional.ofNullable(last);
  }

  /** Why the last connection failed; none while it has not. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    int failures = 0;
    try {
      while (!closed) {
        var connection = new NotificationConnection(receiver, this::goOnAfter, LONGEST_SILENCE);
        try {
          String bearer = token.get();
          if (closed) { // A supplier may have swallowed the interrupt.
            return;
          }
          connection.open(HTTP, address(), bearer);
          connection.awaitEnd();
          failure = null;
        } catch (RuntimeException failed) {
          failure = failed;
        } finally {
          connection.abort();
        }
        failures = connection.hasReceived() ? 0 : failures + 1;
        TimeUnit.MILLISECONDS.sleep(pause(failures));
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private URI address() {
    UUID seen = last;
    return seen == null ? stream : URI.create(stream + "?last=" + seen);
  }

  private void goOnAfter(UUID notification) {
    last = notification;
  }

  /** Doubled with each failure, and up to half of it shorter, so that clients come one by one. */
  private static long pause(int failures) {
    long doubled = FIRST_PAUSE.toMillis() << Math.min(failures, MOST_DOUBLINGS);
    long longest = Math.min(doubled, LONGEST_PAUSE.toMillis());
    return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
  }

  /**
   * Ends the connection. A receiver that was called is not waited for, and {@link #last()} stays
   * before what it was called with.
   */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** Whether it ends within a time, once it is closed. */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    return thread.join(limit);
  }
}

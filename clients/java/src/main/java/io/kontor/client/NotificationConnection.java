package io.kontor.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One WebSocket. The next message is asked for when the last one was received and acknowledged. A
 * connection that was given up takes nothing more, so that the receiver is called by one at a time.
 */
final class NotificationConnection implements WebSocket.Listener {
  private static final String PROTOCOL = "kontor.v1";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final Consumer<ReceivedNotification> receiver;
  private final Consumer<UUID> goOnAfter;
  private final Duration longestSilence;
  private volatile @Nullable WebSocket socket;
  private volatile boolean received;

  // Read and written under the lock.
  private long heard = System.nanoTime();
  private boolean isTaking;
  private boolean isGivenUp;

  /**
   * @param goOnAfter receives after which notification a connection that is opened next goes on
   * @param longestSilence a connection over which nothing comes for that long is given up
   */
  NotificationConnection(
      Consumer<ReceivedNotification> receiver, Consumer<UUID> goOnAfter, Duration longestSilence) {
    this.receiver = receiver;
    this.goOnAfter = goOnAfter;
    this.longestSilence = longestSilence;
  }

  /**
   * Opens the connection.
   *
   * @throws CompletionException when it can't be opened, or is refused
   */
  void open(HttpClient http, URI address, String token) {
    socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .subprotocols(PROTOCOL)
            .connectTimeout(TIMEOUT)
            .buildAsync(address, this)
            .join();
    hear();
  }

  /**
   * Waits until the connection has ended, or nothing comes any more.
   *
   * @throws CompletionException when it was lost
   */
  void awaitEnd() throws InterruptedException {
    while (!isLost()) {
      try {
        ended.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException goesOn) {
        // The silence is measured once more.
      } catch (ExecutionException lost) {
        throw new CompletionException(lost.getCause());
      }
    }
  }

  /** Whether something came. */
  boolean hasReceived() {
    return received;
  }

  /**
   * Whether it is given up, now or before. While the receiver runs there is no silence: nothing was
   * asked for.
   */
  synchronized boolean isLost() {
    boolean isSilent = System.nanoTime() - heard >= longestSilence.toNanos();
    isGivenUp |= isSilent && !isTaking;
    return isGivenUp;
  }

  private synchronized void hear() {
    heard = System.nanoTime();
  }

  /** Whether a message that came is to be taken. */
  private synchronized boolean beginTaking() {
    hear();
    isTaking = !isGivenUp;
    return isTaking;
  }

  private synchronized void endTaking() {
    hear();
    isTaking = false;
  }

  private synchronized void goOnAfter(UUID notification) {
    if (!isGivenUp) {
      goOnAfter.accept(notification);
    }
  }

  private synchronized void giveUp() {
    isGivenUp = true;
  }

  void abort() {
    giveUp();
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
    if (!beginTaking()) {
      return null;
    }
    try {
      text.append(part);
      if (isLast) {
        String message = text.toString();
        text.setLength(0);
        received = true;
        take(JSON.readTree(message), from);
      } else {
        from.request(1);
      }
    } catch (RuntimeException notTaken) {
      ended.completeExceptionally(notTaken);
    } finally {
      endTaking();
    }
    return null;
  }

  private void take(JsonNode message, WebSocket from) {
    if (!message.has("id")) {
      if (message.has("last")) {
        goOnAfter(UUID.fromString(message.path("last").asString()));
      }
      from.request(1);
      return;
    }
    ReceivedNotification notification = ReceivedNotification.of(message);
    receiver.accept(notification);
    goOnAfter(notification.id());
    var _ =
        from.sendText("{\"ack\":\"" + notification.id() + "\"}", true)
            .whenComplete(
                (sent, failed) -> {
                  if (failed == null) {
                    from.request(1);
                  } else {
                    ended.completeExceptionally(failed);
                  }
                });
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    hear();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    if (status == WebSocket.NORMAL_CLOSURE) {
      ended.complete(null);
    } else {
      ended.completeExceptionally(new IllegalStateException(status + " " + reason));
    }
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable lost) {
    ended.completeExceptionally(lost);
  }
}

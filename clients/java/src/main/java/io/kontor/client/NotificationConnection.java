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

/** One WebSocket. The next message is asked for when the last one was received and acknowledged. */
final class NotificationConnection implements WebSocket.Listener {
  private static final String PROTOCOL = "kontor.v1";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The server sends something each ten seconds. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final Consumer<ReceivedNotification> receiver;
  private final Consumer<UUID> goOnAfter;
  private volatile @Nullable WebSocket socket;
  private volatile boolean received;
  private volatile long heard = System.nanoTime();

  /**
   * @param goOnAfter told after which notification a connection that is opened next goes on
   */
  NotificationConnection(Consumer<ReceivedNotification> receiver, Consumer<UUID> goOnAfter) {
    this.receiver = receiver;
    this.goOnAfter = goOnAfter;
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
    heard = System.nanoTime();
  }

  /**
   * Waits until the connection has ended, or nothing comes any more.
   *
   * @throws CompletionException when it was lost
   */
  void awaitEnd() throws InterruptedException {
    while (System.nanoTime() - heard < SILENCE.toNanos()) {
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

  void abort() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
    heard = System.nanoTime();
    text.append(part);
    if (!isLast) {
      from.request(1);
      return null;
    }
    String message = text.toString();
    text.setLength(0);
    received = true;
    try {
      take(JSON.readTree(message), from);
    } catch (RuntimeException notTaken) {
      ended.completeExceptionally(notTaken);
    }
    return null;
  }

  private void take(JsonNode message, WebSocket from) {
    if (!message.has("id")) {
      if (message.has("last")) {
        goOnAfter.accept(UUID.fromString(message.path("last").asString()));
      }
      from.request(1);
      return;
    }
    ReceivedNotification notification = ReceivedNotification.of(message);
    receiver.accept(notification);
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
    heard = System.nanoTime();
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

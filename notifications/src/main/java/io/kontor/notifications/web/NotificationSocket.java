package io.kontor.notifications.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kontor.notifications.rule.NotificationData;
import io.kontor.notifications.rule.NotificationKind;
import io.kontor.notifications.store.Notification;
import io.kontor.notifications.store.UnseenNotifications;
import io.kontor.notifications.stream.NotificationStream;
import io.kontor.web.problem.DatabaseProblems;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One client's WebSocket: a message is a notification, and the client acknowledges the last that it
 * has. Only {@link #run}'s thread sends.
 */
final class NotificationSocket extends TextWebSocketHandler implements NotificationStream.Client {
  /** The client has to come back with another token. */
  static final CloseStatus TOKEN_ENDED = new CloseStatus(4401, "the token is not valid any more");

  private static final Logger LOG = LoggerFactory.getLogger(NotificationSocket.class);
  private static final Duration OPENED_WITHIN = Duration.ofSeconds(10);

  /** Many acknowledgements in a row become one statement. */
  private static final Duration ACKNOWLEDGED_EACH = Duration.ofMillis(500);

  private final CompletableFuture<WebSocketSession> opened = new CompletableFuture<>();
  private final AtomicReference<@Nullable UUID> acknowledged = new AtomicReference<>();
  private final NotificationStream stream;
  private final Supplier<UnseenNotifications> missed;
  private final Consumer<UUID> acknowledge;
  private final StreamToken token;
  private final Duration idle;
  private final JsonMapper json;
  private volatile long heard = System.nanoTime();

  /**
   * @param missed reads what the client has not seen
   * @param acknowledge stores that the client has a notification and all before it
   * @param token verified with each heartbeat
   * @param idle a client that answers nothing for that long is gone
   */
  NotificationSocket(
      NotificationStream stream,
      Supplier<UnseenNotifications> missed,
      Consumer<UUID> acknowledge,
      StreamToken token,
      Duration idle,
      JsonMapper json) {
    this.stream = stream;
    this.missed = missed;
    this.acknowledge = acknowledge;
    this.token = token;
    this.idle = idle;
    this.json = json;
  }

  record Message(UUID id, NotificationKind kind, Instant at, NotificationData data) {
    static Message of(Notification one) {
      return new Message(one.id(), one.kind(), one.at(), one.data());
    }
  }

  record Acknowledgement(UUID ack) {}

  /**
   * Shows a page, which does not see pings, that the server is there.
   *
   * @param last what the client has seen when this has come
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Heartbeat(@Nullable UUID last) {}

  /** Sends until the stream ends, and closes the connection. */
  void run() {
    CloseStatus why = CloseStatus.SERVER_ERROR;
    try (stream) {
      stream.run(missed, this);
      why = stream.isOver() ? TOKEN_ENDED : CloseStatus.SERVICE_RESTARTED;
    } catch (BadJwtException notValid) {
      why = TOKEN_ENDED;
    } catch (IOException clientGone) {
      why = CloseStatus.GOING_AWAY;
    } catch (RuntimeException failed) {
      LOG.warn("notification stream failed reason={}", failed.toString());
      why =
          DatabaseProblems.of(failed).isPresent()
              ? CloseStatus.SERVICE_OVERLOAD // 1013, try again later
              : CloseStatus.SERVER_ERROR;
    } finally {
      close(why);
    }
  }

  private void close(CloseStatus why) {
    opened.completeExceptionally(new IOException("the connection was not open in time"));
    if (!opened.isCompletedExceptionally()) {
      close(opened.join(), why);
    }
  }

  private static void close(WebSocketSession session, CloseStatus why) {
    try {
      session.close(why);
    } catch (IOException | IllegalStateException gone) {
      // It is closed already.
    }
  }

  @Override
  public void begin() throws IOException {
    try {
      opened.get(OPENED_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("the connection was lost before it was open", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void send(List<Notification> page) throws IOException {
    for (Notification one : page) {
      send(new TextMessage(json.writeValueAsString(Message.of(one))));
    }
  }

  @Override
  public void heartbeat(@Nullable UUID last) throws IOException {
    if (System.nanoTime() - heard > idle.toNanos()) {
      throw new IOException("the client does not answer");
    }
    token.verify();
    send(new PingMessage());
    send(new TextMessage(json.writeValueAsString(new Heartbeat(last))));
  }

  private void send(WebSocketMessage<?> message) throws IOException {
    try {
      opened.join().sendMessage(message);
    } catch (IllegalStateException closed) {
      throw new IOException(closed);
    }
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession session) {
    if (!opened.complete(session)) {
      close(session, CloseStatus.SERVICE_OVERLOAD); // nothing is sent any more
    }
  }

  @Override
  protected void handlePongMessage(WebSocketSession session, PongMessage message) {
    heard = System.nanoTime();
  }

  @Override
  protected void handleTextMessage(WebSocketSession session, TextMessage message)
      throws IOException {
    heard = System.nanoTime();
    UUID id = acknowledgedBy(message.getPayload());
    if (id == null) {
      session.close(CloseStatus.BAD_DATA.withReason("send {\"ack\":\"<id>\"}"));
      return;
    }
    if (acknowledged.getAndSet(id) == null) {
      Thread.ofVirtual().name("notification-acknowledgement").start(this::storeAcknowledged);
    }
  }

  private @Nullable UUID acknowledgedBy(String message) {
    try {
      Acknowledgement read = json.readValue(message, Acknowledgement.class);
      return read == null ? null : read.ack();
    } catch (JacksonException malformed) {
      return null;
    }
  }

  private void storeAcknowledged() {
    try {
      Thread.sleep(ACKNOWLEDGED_EACH);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    UUID last = acknowledged.getAndSet(null);
    if (last != null) {
      try {
        acknowledge.accept(last);
      } catch (DataAccessException notStored) {
        // The client gets them once more.
      }
    }
  }

  @Override
  public void handleTransportError(WebSocketSession session, Throwable failure) {
    stream.end();
  }

  @Override
  public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
    stream.end();
  }
}

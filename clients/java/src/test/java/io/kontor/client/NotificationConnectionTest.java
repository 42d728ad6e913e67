package io.kontor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a connection takes, and when it is given up. */
@Tag("fast")
class NotificationConnectionTest {
  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);

  private final List<String> sent = new ArrayList<>();
  private final List<UUID> received = new ArrayList<>();
  private final List<UUID> places = new ArrayList<>();
  private Runnable duringReceipt = () -> {};

  /** Remembers what is sent. */
  private final WebSocket server =
      (WebSocket)
          Proxy.newProxyInstance(
              WebSocket.class.getClassLoader(),
              new Class<?>[] {WebSocket.class},
              (self, method, arguments) -> {
                if (method.getName().equals("sendText")) {
                  sent.add(String.valueOf(arguments[0]));
                  return CompletableFuture.completedFuture(self);
                }
                return null;
              });

  @Test
  void aNotificationIsReceivedAcknowledgedAndGoneOnAfter() {
    NotificationConnection connection = connection(Duration.ofSeconds(30));
    send(connection, FIRST);
    assertThat(received).containsExactly(FIRST);
    assertThat(places).containsExactly(FIRST);
    assertThat(sent).containsExactly("{\"ack\":\"%s\"}".formatted(FIRST));
    assertThat(connection.isLost()).isFalse();
  }

  @Test
  void thereIsNoSilenceWhileTheReceiverRuns() {
    List<Boolean> lost = new ArrayList<>();
    NotificationConnection connection = connection(Duration.ZERO);
    duringReceipt = () -> lost.add(connection.isLost());
    send(connection, FIRST);
    assertThat(lost).containsExactly(false);
    assertThat(places).containsExactly(FIRST);
    assertThat(connection.isLost()).as("afterwards").isTrue();
  }

  @Test
  void aConnectionThatWasGivenUpTakesNothingMore() throws InterruptedException {
    NotificationConnection connection = connection(Duration.ZERO);
    connection.awaitEnd();
    send(connection, FIRST);
    var _ = connection.onText(server, "{\"last\":\"%s\"}".formatted(SECOND), true);
    assertThat(received).isEmpty();
    assertThat(places).isEmpty();
  }

  @Test
  void aConnectionThatIsAbortedDuringAReceiptDoesNotSayWhereToGoOn() {
    NotificationConnection connection = connection(Duration.ofSeconds(30));
    duringReceipt = connection::abort;
    send(connection, FIRST);
    send(connection, SECOND);
    assertThat(received).containsExactly(FIRST);
    assertThat(places).isEmpty();
  }

  private NotificationConnection connection(Duration longestSilence) {
    return new NotificationConnection(
        notification -> {
          received.add(notification.id());
          duringReceipt.run();
        },
        places::add,
        longestSilence);
  }

  private void send(NotificationConnection connection, UUID notification) {
    String message =
        "{\"id\":\"%s\",\"kind\":\"MONEY_IN\",\"at\":\"2026-11-29T09:00:00Z\",\"data\":{}}"
            .formatted(notification);
    var _ = connection.onText(server, message, true);
  }
}

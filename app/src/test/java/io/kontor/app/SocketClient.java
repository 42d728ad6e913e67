package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that is sent notifications over WebSocket. It acknowledges what the test says. */
final class SocketClient implements WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String STREAM = "/v1/notifications/stream";
  private static final long SECONDS = 60;

  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  private SocketClient(URI uri, String[] headers, String... protocols) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    if (protocols.length > 0) {
      builder.subprotocols(
          protocols[0], List.of(protocols).subList(1, protocols.length).toArray(String[]::new));
    }
    socket = builder.buildAsync(uri, this).join();
  }

  /** Connects with the token of a client. */
  static SocketClient of(BankClient client, @Nullable String last, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Authorization", "Bearer " + client.token()));
    return new SocketClient(uri(client, last), all.toArray(String[]::new), "kontor.v1");
  }

  /** Connects without a token, as a browser does. */
  static SocketClient offering(BankClient client, String[] headers, String... protocols) {
    return new SocketClient(uri(client, null), headers, protocols);
  }

  private static URI uri(BankClient client, @Nullable String last) {
    String query = last == null ? "" : "?last=" + last;
    return URI.create("ws://localhost:" + client.port() + STREAM + query);
  }

  /** The status with which a connection is refused. */
  static int refusal(Runnable connecting) {
    try {
      connecting.run();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
    throw new AssertionError("the connection was not refused");
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      JsonNode message = JsonMapper.shared().readTree(text.toString());
      text.setLength(0);
      if (message.has("id")) {
        received.add(message);
      }
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed.completeExceptionally(failure);
  }

  /** The next notification. */
  JsonNode next() throws InterruptedException {
    JsonNode next = received.poll(SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("a notification").isNotNull();
    return next;
  }

  /** The ids of the next notifications. */
  List<String> next(int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(next().path("id").asString());
    }
    return ids;
  }

  void acknowledge(String id) {
    send("{\"ack\":\"" + id + "\"}");
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  String protocol() {
    return socket.getSubprotocol();
  }

  /** The status with which the server closes the connection. */
  int closed() throws Exception {
    return closed.get(SECONDS, TimeUnit.SECONDS);
  }

  void close() throws Exception {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    closed();
  }
}

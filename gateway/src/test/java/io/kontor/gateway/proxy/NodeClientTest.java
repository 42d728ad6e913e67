package io.kontor.gateway.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kontor.gateway.node.Node;
import io.kontor.web.problem.IncompleteResponseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.mock.web.MockHttpServletResponse;

@Tag("fast")
@Timeout(30)
class NodeClientTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.stop(0);
  }

  @Test
  void aStreamOfANodeThatFallsSilentBreaksOff() throws Exception {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("data: 1\n\n".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          // And nothing more, on a connection that stays open.
        });
    var node =
        new Node(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Duration.ofSeconds(1));
    var client = new MockHttpServletResponse();
    var request = ForwardedRequest.get("/v1/notifications/stream", "token", null);
    try (NodeAnswer answer =
        new NodeClient(http, SHORT).send(node, request, Duration.ofSeconds(10))) {
      assertThat(node.underWay()).isOne();
      assertThatThrownBy(() -> answer.writeBody(client))
          .isInstanceOf(IncompleteResponseException.class);
    }
    assertThat(client.getContentAsString()).isEqualTo("data: 1\n\n");
    assertThat(node.underWay()).isZero();
  }
}

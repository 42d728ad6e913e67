package io.kontor.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kontor.gateway.node.Balancing;
import io.kontor.gateway.node.Node;
import io.kontor.gateway.node.NodeGroup;
import io.kontor.gateway.node.NodeGroups;
import io.kontor.web.problem.SecurityProblemHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
@Timeout(60)
class NodeProxyExchangeTest {
  private static final int MOST_BODIES = 100_000;
  private static final int MOST_BODIES_OF_PAGES = 20_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private HttpServer server;
  private NodeGroup group;
  private NodeProxyExchange nodes;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    group =
        new NodeGroup(
            "command", List.of(new Node(url, Duration.ofSeconds(1))), Balancing.LEAST_REQUESTS);
    var timeout = Duration.ofSeconds(30);
    nodes =
        new NodeProxyExchange(
            new NodeGroups(Map.of("command", group)),
            new ProxySettings(timeout, timeout, timeout, 3, 20, MOST_BODIES, MOST_BODIES_OF_PAGES),
            http,
            new SecurityProblemHandler(JsonMapper.shared()),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() {
    mayAnswer.countDown();
    http.shutdownNow();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void bodiesOfRequestsUnderWayLeaveNoRoomForAnotherUntilTheyAreAnswered() throws Exception {
    Future<Integer> slow = threads.submit(() -> status("POST", "/v1/slow", 60_000));
    assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(status("POST", "/v1/transfers", 60_000)).isEqualTo(503);
    assertThat(status("POST", "/v1/transfers", 20_000)).isEqualTo(200);
    assertThat(status("POST", "/console/sign-in", 20_000)).isEqualTo(200);
    assertThat(status("POST", "/console/sign-in", 20_001)).isEqualTo(503);

    mayAnswer.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertThat(status("POST", "/v1/transfers", 60_000)).isEqualTo(200);
    }
  }

  private int status(String method, String path, int bytes) {
    var request = new MockHttpServletRequest(method, path);
    request.setServletPath(path);
    request.setContent(new byte[bytes]);
    return nodes.exchange(group, request).statusCode().value();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().equals("/v1/slow")) {
        reached.countDown();
        mayAnswer.await();
      }
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}

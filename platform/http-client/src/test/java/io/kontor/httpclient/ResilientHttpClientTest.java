package io.kontor.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.kontor.httpclient.CallResult.Done;
import io.kontor.httpclient.CallResult.Failed;
import io.kontor.httpclient.CallResult.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class ResilientHttpClientTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final Duration OPEN_FOR = Duration.ofMillis(200);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpHandler handler = exchange -> answer(exchange, 200, "{\"state\":\"DONE\"}");
  private HttpServer server;
  private ResilientHttpClient remote;

  record State(String state) {}

  enum Colour {
    RED,
    GREEN
  }

  record Painted(Colour colour) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          handler.handle(exchange);
        });
    server.start();
    remote = remote(server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    ended.countDown();
    remote.close();
    server.stop(0);
  }

  @Test
  void whatWasDoneIsRead() {
    handler = exchange -> answer(exchange, 200, "{\"state\":\"DONE\",\"new\":1}");
    assertThat(ask()).isEqualTo(new Done<>(new State("DONE")));
  }

  @Test
  void theTokenTravels() {
    handler =
        exchange ->
            answer(
                exchange,
                200,
                "{\"state\":\"%s\"}"
                    .formatted(exchange.getRequestHeaders().getFirst("Authorization")));
    assertThat(ask()).isEqualTo(new Done<>(new State("Bearer secret")));
  }

  @Test
  void aRefusalComesWithItsReasonAndOpensNoCircuit() {
    handler = exchange -> answer(exchange, 422, "{\"reason\":\"no such bank\"}");
    for (int i = 0; i < 50; i++) {
      assertThat(ask()).isEqualTo(new Refused<>(422, "no such bank"));
    }
  }

  @Test
  void aRefusalWithoutWordsIsToldByItsStatus() {
    handler = exchange -> answer(exchange, 404, "<html>");
    assertThat(ask()).isEqualTo(new Refused<>(404, "status 404"));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 425, 429})
  void aStatusThatMayPassIsAFault(int status) {
    handler = exchange -> answer(exchange, status, "{\"reason\":\"later\"}");
    assertThat(fault()).isEqualTo(CallFailure.SERVER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[1]", "null"})
  void anAnswerThatCantBeReadIsAFault(String body) {
    handler = exchange -> answer(exchange, 200, body);
    assertThat(fault()).isEqualTo(CallFailure.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"colour\":1}",
        "{\"colour\":\"1\"}",
        "{\"colour\":\"BLUE\"}",
        "{\"colour\":\"RED\",\"colour\":\"GREEN\"}",
        "{\"colour\":[\"RED\"]}"
      })
  void whatCanBeReadInTwoWaysIsAFault(String body) {
    handler = exchange -> answer(exchange, 200, body);
    assertThat(remote.get("/", Painted.class))
        .isEqualTo(new Failed<>(CallFailure.UNREADABLE, "the answer is not what was expected"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17})
  void aNumberIsNoText(int state) {
    handler = exchange -> answer(exchange, 200, "{\"state\":%d}".formatted(state));
    assertThat(fault()).isEqualTo(CallFailure.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"reason\":\"\"}",
        "{\"reason\":\" \\u0000\\n\"}",
        "{\"reason\":17}",
        "{\"reason\":null}",
        "{}",
        "[]",
        "",
        "{\"reason\":\"\\ud800\"}"
      })
  void aRefusalWithoutVisibleWordsIsToldByItsStatus(String body) {
    handler = exchange -> answer(exchange, 422, body);
    assertThat(ask()).isEqualTo(new Refused<>(422, "status 422"));
  }

  @Test
  void aRefusalsWordsAreOneLine() {
    handler = exchange -> answer(exchange, 422, "{\"reason\":\"no\\r\\n\\u0000\\u202esuch bank\"}");
    assertThat(ask()).isEqualTo(new Refused<>(422, "no such bank"));
  }

  @Test
  void whatTheOtherPartySaysInsteadOfHttpIsToldAsOneLine() throws IOException {
    try (var server = new ServerSocket(0);
        ResilientHttpClient remote = remote(server.getLocalPort(), new SimpleMeterRegistry())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var connection = server.accept()) {
                  connection
                      .getOutputStream()
                      .write("NO\0HTTP\u001b[2J\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException closed) {
                  return;
                }
              });
      var failed = (Failed<State>) remote.get("/", State.class);
      assertThat(failed.fault()).isEqualTo(CallFailure.CONNECTION);
      assertThat(failed.detail().chars()).noneMatch(Character::isISOControl);
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    handler =
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          answer(exchange, 302, "");
        };
    assertThat(fault()).isEqualTo(CallFailure.UNREADABLE);
    assertThat(calls).hasValue(1);
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    handler =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[1 << 16];
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(block);
          }
          exchange.close();
        };
    var settings =
        new HttpClientSettings(
            "slow",
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            null,
            Duration.ofMinutes(1),
            1,
            OPEN_FOR);
    try (ResilientHttpClient unhurried =
        new ResilientHttpClient(settings, new SimpleMeterRegistry())) {
      assertThat(((Failed<State>) unhurried.get("/", State.class)).fault())
          .isEqualTo(CallFailure.CONNECTION);
    }
  }

  @Test
  void noAnswerInTimeIsAFaultThatMayHaveBeenDone() {
    handler = exchange -> waitForTheEnd();
    assertThat(fault()).isEqualTo(CallFailure.TIMEOUT);
    assertThat(CallFailure.TIMEOUT.mayHaveBeenDone()).isTrue();
  }

  @Test
  void anAnswerThatStartsAndDoesNotGoOnIsAFault() {
    handler =
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          waitForTheEnd();
        };
    assertThat(fault()).isEqualTo(CallFailure.TIMEOUT);
  }

  @Test
  void aLostAnswerIsAFault() {
    handler = HttpExchange::close;
    assertThat(fault()).isEqualTo(CallFailure.CONNECTION);
  }

  @Test
  void nobodyThereIsAFault() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (ResilientHttpClient unreachable = remote(port, new SimpleMeterRegistry())) {
      assertThat(((Failed<State>) unreachable.get("/", State.class)).fault())
          .isEqualTo(CallFailure.CONNECTION);
    }
  }

  @Test
  void afterManyFaultsNoCallIsMadeUntilATrialSucceeds() {
    handler = exchange -> answer(exchange, 503, "");
    for (int i = 0; i < 20; i++) {
      ask();
    }
    assertThat(fault()).isEqualTo(CallFailure.CIRCUIT_OPEN);
    assertThat(CallFailure.CIRCUIT_OPEN.mayHaveBeenDone()).isFalse();
    int before = calls.get();
    assertThat(before).isLessThan(20);
    assertThat(
            meters
                .get("resilience4j.circuitbreaker.state")
                .tag("name", "carrier")
                .tag("state", "open")
                .gauge()
                .value())
        .isEqualTo(1);
    handler = exchange -> answer(exchange, 200, "{\"state\":\"DONE\"}");
    await().untilAsserted(() -> assertThat(ask()).isInstanceOf(Done.class));
    assertThat(calls).hasValueGreaterThan(before);
  }

  @Test
  void noMoreCallsAreUnderWayThanThereArePlaces() {
    var inside = new AtomicInteger();
    var proceed = new CountDownLatch(1);
    handler =
        exchange -> {
          inside.incrementAndGet();
          hold(proceed);
          answer(exchange, 200, "{\"state\":\"DONE\"}");
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = CompletableFuture.supplyAsync(this::ask, threads);
      var second = CompletableFuture.supplyAsync(this::ask, threads);
      await().until(() -> inside.get() == 2);
      assertThat(fault()).isEqualTo(CallFailure.BULKHEAD_FULL);
      proceed.countDown();
      assertThat(first.join()).isInstanceOf(Done.class);
      assertThat(second.join()).isInstanceOf(Done.class);
    }
    assertThat(ask()).isInstanceOf(Done.class);
  }

  @Test
  void anAddressThatIsNoneIsRefusedAtOnce() {
    assertThatThrownBy(() -> HttpClientSettings.of("carrier", URI.create("carrier:80")))
        .hasMessageContaining("url of carrier");
  }

  private CallResult<State> ask() {
    return remote.put("/things/1", new State("WANTED"), State.class);
  }

  private CallFailure fault() {
    return ((Failed<State>) ask()).fault();
  }

  private ResilientHttpClient remote(int port) {
    return remote(port, meters);
  }

  private static ResilientHttpClient remote(int port, MeterRegistry meters) {
    return new ResilientHttpClient(
        new HttpClientSettings(
            "carrier", URI.create("http://127.0.0.1:" + port), "secret", TIMEOUT, 2, OPEN_FOR),
        meters);
  }

  private void waitForTheEnd() {
    hold(ended);
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}

package io.kontor.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import io.kontor.gateway.StubNode.Received;
import io.kontor.simulator.Issuer;
import io.kontor.tenancy.TenantId;
import io.kontor.web.security.ApiKey;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway in front of stubs: two nodes for commands, two for queries, one for reports. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class GatewayTest {
  private static final Issuer ISSUER = Issuer.start();
  private static final StubNode COMMAND_1 = StubNode.start("command-1");
  private static final StubNode COMMAND_2 = StubNode.start("command-2");
  private static final StubNode QUERY_1 = StubNode.start("query-1");
  private static final StubNode QUERY_2 = StubNode.start("query-2");
  private static final StubNode REPORTS = StubNode.start("reports");
  private static final List<StubNode> NODES =
      List.of(COMMAND_1, COMMAND_2, QUERY_1, QUERY_2, REPORTS);
  private static final String TELLER = ISSUER.token("acme", "teller");
  private static final String POST =
      "POST /v1/transfers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
          .formatted(TELLER);
  private static final String MALFORMED =
      POST.replace("POST /v1/transfers", "GET /v1/accounts?q=100%") + "Connection: close\r\n\r\n";
  private static final String FAILING = "X-Failing";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final ServletWebServerApplicationContext GATEWAY =
      (ServletWebServerApplicationContext)
          application()
              .run(
                  "--server.port=0",
                  "--server.address=127.0.0.1",
                  "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + ISSUER.uri(),
                  "--kontor.gateway.groups.command=" + COMMAND_1.url() + "," + COMMAND_2.url(),
                  "--kontor.gateway.groups.query=" + QUERY_1.url() + "," + QUERY_2.url(),
                  "--kontor.gateway.groups.reports=" + REPORTS.url(),
                  "--kontor.gateway.routes[0].path=/v1",
                  "--kontor.gateway.routes[0].group=command",
                  "--kontor.gateway.routes[1].path=/v1",
                  "--kontor.gateway.routes[1].methods=GET,HEAD",
                  "--kontor.gateway.routes[1].group=query",
                  "--kontor.gateway.routes[2].path=/v1/reports",
                  "--kontor.gateway.routes[2].group=reports",
                  "--kontor.gateway.routes[3].path=/console",
                  "--kontor.gateway.routes[3].group=reports",
                  "--kontor.gateway.read-timeout=1s",
                  "--kontor.gateway.write-timeout=2s",
                  "--kontor.gateway.health-interval=100ms",
                  "--kontor.gateway.slow-return=100ms",
                  "--server.tomcat.connection-timeout=4s",
                  "--kontor.gateway.cors-origins=https://app.example",
                  "--kontor.gateway.access-log=true",
                  "--kontor.limits.user=100000",
                  "--kontor.limits.address=100000",
                  "--kontor.limits.tenants.small=5",
                  "--kontor.limits.tenants.small-whole=5",
                  "--kontor.limits.tenants.small-query=5",
                  "--kontor.limits.tenants.small-escaped=5",
                  "--kontor.limits.tenants.tiny=2");

  @BeforeEach
  void resetTheNodes() {
    NODES.forEach(StubNode::reset);
  }

  @AfterAll
  static void stop() {
    GATEWAY.close();
    NODES.forEach(StubNode::close);
    ISSUER.close();
  }

  @Test
  void commandsGoToNodesThatDecideAndReadsToNodesThatAnswerThem() {
    awaitNodes("GET", "/v1/accounts", "query-1", "query-2");
    awaitNodes("POST", "/v1/transfers", "command-1", "command-2");
    awaitNodes("DELETE", "/v1/admin/rebuilds/1", "command-1", "command-2");
  }

  @Test
  void theLongestPathWins() {
    awaitNodes("GET", "/v1/reports", "reports");
    awaitNodes("POST", "/v1/reports/x", "reports");
    awaitNodes("GET", "/v1/reportsx", "query-1", "query-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/accounts", "/internal/commands", "/dev/token", "/consoles", "/v1x"})
  void whatNoRouteLeadsToIsNotFound(String path) {
    HttpResponse<String> answer = send("GET", path, TELLER, null);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(slug(answer)).isEqualTo("not-found");
    assertThat(received()).isEmpty();
  }

  @Test
  void theCommandsOfAnAccountGoToTheNodeThatDecidesThem() {
    COMMAND_1.own("5f2a8f3e-6d1c-4c1e-9d3e-2f1b7a9c0d11");
    COMMAND_2.own("c1b7de90-0b7a-4a55-8a3f-7e52d1c4b622");
    List<String> accounts =
        Stream.generate(UUID::randomUUID).limit(20).map(UUID::toString).toList();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> accounts.stream().allMatch(account -> nodesOf(account).size() == 1));
    assertThat(accounts.stream().flatMap(account -> nodesOf(account).stream()).distinct())
        .hasSize(2);
  }

  /** Those that get commands to an account: of its path, and of money that is sent from it. */
  private static Set<String> nodesOf(String account) {
    String transfer = "{\"amount\":{},\"from\":\"%s\",\"to\":\"x\"}".formatted(account);
    return Stream.concat(
            IntStream.range(0, 2)
                .mapToObj(_ -> send("POST", "/v1/accounts/" + account + "/deposits", TELLER, "{}")),
            Stream.of("/v1/transfers", "/v1/%74ransfers?x")
                .map(path -> send("POST", path, TELLER, transfer)))
        .map(answer -> JsonMapper.shared().readTree(answer.body()).path("node").asString())
        .collect(Collectors.toSet());
  }

  @Test
  void pagesOfAnAllowedOriginMayCallTheApiAndOthersMayNot() {
    HttpResponse<String> asked =
        send(
            "OPTIONS",
            "/v1/transfers",
            null,
            null,
            "Origin",
            "https://app.example",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "authorization,idempotency-key");
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example");
    assertThat(asked.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
        .contains("authorization", "idempotency-key");
    assertThat(asked.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();

    HttpResponse<String> sent =
        send("POST", "/v1/transfers", TELLER, "{}", "Origin", "https://app.example");
    assertThat(sent.statusCode()).isEqualTo(200);
    assertThat(sent.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
        .contains("Kontor-Position");
    HttpResponse<String> refused =
        send("POST", "/v1/transfers", TELLER, "{}", "Origin", "https://evil.example");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(slug(refused)).isEqualTo("forbidden");
    assertThat(received()).hasSize(1);
  }

  @Test
  void theAccessLogHasNeitherTokensNorNamesNorQueries(CapturedOutput output) {
    send("GET", "/v1/data-subjects/ada-lovelace?owner=ada", TELLER, null);
    await()
        .untilAsserted(
            () ->
                assertThat(output.getOut())
                    .containsPattern(
                        "request method=GET call=/v1/data-subjects status=200 ms=[0-9]+"
                            + " tenant=acme node=127.0.0.1:[0-9]+ address=127.0.0.1"));
    assertThat(output.getOut()).doesNotContain("ada-lovelace?", TELLER);
  }

  @Test
  void theRequestAndTheAnswerPassThrough() {
    COMMAND_1.behave(
        StubNode.answering(
            201, "{\"id\":\"1\"}", "Location", "/v1/accounts/1", "Kontor-Position", "7"));
    COMMAND_2.behave(
        StubNode.answering(
            201, "{\"id\":\"1\"}", "Location", "/v1/accounts/1", "Kontor-Position", "7"));
    HttpResponse<String> answer =
        send(
            "POST",
            "/v1/accounts?a=b%20c&d",
            TELLER,
            "{\"x\":\"\u00e9\"}",
            "Idempotency-Key",
            "k",
            "Prefer",
            "wait=5",
            "Kontor-Correlation-Id",
            "mine");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("{\"id\":\"1\"}");
    assertThat(answer.headers().firstValue("Location")).contains("/v1/accounts/1");
    assertThat(answer.headers().firstValue("Kontor-Position")).contains("7");
    assertThat(answer.headers().allValues("Kontor-Correlation-Id")).containsExactly("mine");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    Received request = received().getFirst();
    assertThat(request.target()).isEqualTo("/v1/accounts?a=b%20c&d");
    assertThat(request.body()).isEqualTo("{\"x\":\"\u00e9\"}");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + TELLER)
        .containsEntry("idempotency-key", "k")
        .containsEntry("prefer", "wait=5")
        .containsEntry("kontor-correlation-id", "mine")
        .containsKey("traceparent");
  }

  @Test
  void anOperatorsCallForTheCellOfATenantNamesItToTheNode() {
    send("POST", "/v1/admin/rebuilds", ISSUER.operator(), "{}", "Kontor-Cell", "initech");
    assertThat(received().getFirst().headers()).containsEntry("kontor-cell", "initech");
  }

  @Test
  void whatAClientSaysOfItsIdentityAndItsAddressIsLeftBehind() {
    send(
        "GET",
        "/v1/accounts",
        TELLER,
        null,
        "X-User-Id",
        "root",
        "X-Tenant",
        "globex",
        "X-Forwarded-For",
        "198.51.100.1",
        "X-Forwarded-Host",
        "evil.example",
        "X-Real-IP",
        "198.51.100.1",
        "Forwarded",
        "for=198.51.100.1",
        "Kontor-Cluster-Secret",
        "guess",
        "X-Original-URL",
        "/internal/commands");
    assertThat(received().getFirst().headers())
        .containsEntry("x-forwarded-for", "127.0.0.1")
        .containsEntry("x-forwarded-proto", "http")
        .doesNotContainKeys(
            "x-user-id",
            "x-tenant",
            "x-forwarded-host",
            "x-real-ip",
            "forwarded",
            "kontor-cluster-secret",
            "x-original-url");
  }

  @Test
  void whatIsTooLargeReachesNoNode() throws IOException {
    String large = "x".repeat(1_048_577);
    assertThat(send("POST", "/v1/transfers", TELLER, large).statusCode()).isEqualTo(413);
    String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
    assertThat(raw(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk))
        .startsWith("HTTP/1.1 413 ");
    assertThat(raw(POST + "X-Long: " + "x".repeat(9_000) + "\r\nContent-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 4");
    assertThat(received()).isEmpty();
  }

  @Test
  void aFormOfTheConsoleIsSmall() throws IOException {
    String large = "x".repeat(65_537);
    for (String type : List.of("application/x-www-form-urlencoded", "application/x-ndjson")) {
      HttpResponse<String> refused =
          send("POST", "/console/sign-in", null, large, "Content-Type", type);
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(slug(refused)).isEqualTo("content-too-large");
    }
    String chunks = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
    assertThat(
            raw(
                POST.replace("/v1/transfers", "/console/sign-in")
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + chunks))
        .startsWith("HTTP/1.1 413 ");
    assertThat(received()).isEmpty();
    assertThat(
            send("POST", "/console/sign-in", null, large.substring(1), "Content-Type", "text/x")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void thePagesOfTheConsoleAreForBrowsersWithTheirCookies() {
    assertThat(send("GET", "/", null, null).headers().firstValue("Location")).contains("/console");
    REPORTS.behave(
        StubNode.answering(
            302, "", "Location", "/console/accounts", "Set-Cookie", "session=2; Path=/; HttpOnly"));
    HttpResponse<String> answer =
        send(
            "POST",
            "/console/sign-in",
            TELLER,
            "choice=0&to=%2F",
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Cookie",
            "session=1; csrf=2",
            "Accept-Language",
            "de",
            "HX-Request",
            "true",
            "X-Forwarded-Host",
            "evil.example");
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).contains("/console/accounts");
    assertThat(answer.headers().firstValue("Set-Cookie")).contains("session=2; Path=/; HttpOnly");
    Received form = REPORTS.received().getLast();
    assertThat(form.body()).isEqualTo("choice=0&to=%2F");
    assertThat(form.headers())
        .containsEntry("cookie", "session=1; csrf=2")
        .containsEntry("accept-language", "de")
        .containsEntry("hx-request", "true")
        .containsEntry("x-forwarded-host", "127.0.0.1")
        .containsEntry("x-forwarded-port", Integer.toString(port()))
        .doesNotContainKey("authorization");
    send("GET", "/v1/accounts", TELLER, null, "Cookie", "session=1");
    assertThat(
            received().stream()
                .filter(request -> request.target().startsWith("/v1"))
                .flatMap(request -> request.headers().keySet().stream()))
        .doesNotContain("cookie", "x-forwarded-host");
  }

  @Test
  void anUnexpectedFailureIsOneLineOfTheLogWithTheCorrelationId(CapturedOutput output) {
    HttpResponse<String> answer =
        send("GET", "/v1/accounts", TELLER, null, FAILING, "x", "Kontor-Correlation-Id", "fails");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(slug(answer)).isEqualTo("internal-error");
    assertThat(output.getOut().lines().filter(line -> line.matches(".* ERROR .*\\[fails]")))
        .singleElement(STRING)
        .contains("request failed method=GET path=/v1/accounts");
    assertThat(output.getOut()).containsOnlyOnce("a filter fails");
  }

  @Test
  void aRequestWithoutAValidTokenReachesNoNode() {
    for (String token :
        new String[] {
          null, "nonsense", TELLER + "x", ISSUER.token("acme", Duration.ofMinutes(-5), "teller")
        }) {
      HttpResponse<String> answer = send("GET", "/v1/accounts", token, null);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
    }
    assertThat(received()).isEmpty();
  }

  @Test
  void aNodeThatIsKilledCostsNoReadAndNoCommandWithAKey() {
    QUERY_1.kill();
    COMMAND_1.behave(StubNode.dying());
    for (int i = 0; i < 50; i++) {
      assertThat(send("GET", "/v1/accounts", TELLER, null).statusCode()).isEqualTo(200);
      HttpResponse<String> command =
          send("POST", "/v1/transfers", TELLER, "{}", "Idempotency-Key", "key-" + i);
      assertThat(command.statusCode()).as(command.body()).isEqualTo(200);
    }
    assertThat(keys(COMMAND_2)).isEqualTo(keysUpTo(50));

    QUERY_1.restart();
    COMMAND_1.reset();
    awaitNodes("GET", "/v1/accounts", "query-1", "query-2");
    awaitNodes("POST", "/v1/transfers", "command-1", "command-2");
  }

  @Test
  void aCommandWithoutAKeyIsSentOnceWhereItMayHaveBeenExecuted() {
    COMMAND_1.behave(StubNode.dying());
    COMMAND_2.behave(StubNode.dying());
    HttpResponse<String> answer = send("POST", "/v1/accounts/1/freeze", TELLER, "{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(slug(answer)).isEqualTo("node-unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(received()).hasSize(1);
  }

  @Test
  void aCommandWithoutAKeyGoesToAnotherNodeWhenItWasNotSent() {
    COMMAND_1.kill();
    try {
      for (int i = 0; i < 4; i++) {
        assertThat(send("POST", "/v1/accounts/1/freeze", TELLER, "{}").statusCode()).isEqualTo(200);
      }
      assertThat(COMMAND_2.received()).hasSize(4);
    } finally {
      COMMAND_1.restart();
      awaitNodes("POST", "/v1/transfers", "command-1", "command-2");
    }
  }

  @Test
  void aCommandThatTheLostNodeStillExecutesIsWaitedFor() {
    StubNode.Behaviour inProgress =
        StubNode.answering(
            409,
            problem("idempotency-in-progress"),
            "Retry-After",
            "1",
            "Content-Type",
            "application/problem+json");
    NODES.forEach(
        node ->
            node.behave(
                exchange -> {
                  int earlier = COMMAND_1.received().size() + COMMAND_2.received().size();
                  var behaviour =
                      switch (earlier) {
                        case 1 -> StubNode.dying();
                        case 2, 3 -> inProgress;
                        default -> StubNode.answering(200, "{}", "Idempotent-Replayed", "true");
                      };
                  behaviour.handle(exchange);
                }));
    HttpResponse<String> answer =
        send("POST", "/v1/transfers", TELLER, "{}", "Idempotency-Key", "lost");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  @Test
  void aMalformedQueryIsNoTrialOfANodeWhoseCircuitIsHalfOpen() {
    QUERY_1.behave(StubNode.dying());
    await()
        .until(
            () -> {
              nodes("GET", "/v1/accounts");
              return circuit(QUERY_1).equals("OPEN");
            });
    QUERY_1.reset();
    // The circuit is half open after 5 s.
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(20))
        .until(() -> raw(MALFORMED).startsWith("HTTP/1.1 400 "));
    awaitNodes("GET", "/v1/accounts", "query-1", "query-2");
    assertThat(received()).extracting(Received::target).doesNotContain("/v1/accounts?q=100%");
  }

  @Test
  void aNodeThatDoesNotAnswerInTimeIsPassedOver() {
    QUERY_1.behave(GatewayTest::neverAnswer);
    for (int i = 0; i < 2; i++) {
      assertThat(send("GET", "/v1/accounts", TELLER, null).body()).contains("query-2");
    }
    List<StubNode.Behaviour> silences =
        List.of(
            GatewayTest::neverAnswer,
            exchange -> {
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write("{\"half\":".getBytes(UTF_8));
              exchange.getResponseBody().flush();
              neverAnswer(exchange);
            });
    for (StubNode.Behaviour silence : silences) {
      REPORTS.behave(silence);
      HttpResponse<String> answer = send("GET", "/v1/reports", TELLER, null);
      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(slug(answer)).isEqualTo("node-timeout");
    }
  }

  @Test
  void aReadThatOneNodeCanNotServeIsServedByAnother() {
    QUERY_1.behave(StubNode.answering(503, problem("not-served-here"), "Retry-After", "1"));
    for (int i = 0; i < 4; i++) {
      assertThat(send("GET", "/v1/accounts", TELLER, null).body()).contains("query-2");
    }
    QUERY_2.behave(StubNode.answering(503, problem("database-unavailable"), "Retry-After", "1"));
    assertThat(send("GET", "/v1/accounts", TELLER, null).statusCode()).isEqualTo(503);
  }

  @Test
  void anAnswerThatBreaksOffIsRepeatedWhileItIsSmallAndBrokenOffWhereItIsAStream(
      CapturedOutput output) throws IOException {
    QUERY_1.behave(
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write("{\"half\":".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          exchange.close();
        });
    for (int i = 0; i < 2; i++) {
      assertThat(send("GET", "/v1/accounts", TELLER, null).body()).contains("query-2");
    }
    REPORTS.behave(
        exchange -> {
          exchange.sendResponseHeaders(200, 2_000_000);
          exchange.getResponseBody().write(new byte[1_500_000]);
          exchange.getResponseBody().flush();
          throw new IOException("killed");
        });
    String answer =
        raw(POST.replace("POST /v1/transfers", "GET /v1/reports") + "Connection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200").doesNotEndWith("\r\n0\r\n\r\n");
    assertThat(output.getOut())
        .containsOnlyOnce("answer broken off")
        .doesNotContain("request failed");
  }

  @Test
  void aLongAnswerPassesAsItIs() {
    String lines = "a line of a report\n".repeat(100_000);
    REPORTS.behave(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/csv");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(lines.getBytes(UTF_8));
          exchange.close();
        });
    assertThat(send("GET", "/v1/reports", TELLER, null).body()).isEqualTo(lines);
    await().until(() -> underWayOfReports() == 0);
  }

  @Test
  void anAnswerWithoutEndEndsWithItsClient() throws IOException {
    var ended = new CountDownLatch(1);
    REPORTS.behave(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write("another line\n".getBytes(UTF_8));
              body.flush();
            }
          } catch (IOException noReader) {
            ended.countDown();
          }
        });
    try (var client = new Socket(InetAddress.getLoopbackAddress(), port())) {
      write(client, POST.replace("POST /v1/transfers", "GET /v1/reports") + "\r\n");
      assertThat(client.getInputStream().readNBytes(100_000)).hasSize(100_000);
    }
    await().until(() -> ended.getCount() == 0);
    await().until(() -> underWayOfReports() == 0);
  }

  @Test
  void anUnchangedResourceIsNotSentAgain() {
    for (StubNode node : List.of(QUERY_1, QUERY_2)) {
      node.behave(StubNode.answering(200, "{\"version\":3}", "ETag", "\"3\""));
    }
    HttpResponse<String> first = send("GET", "/v1/accounts/1", TELLER, null);
    assertThat(first.headers().firstValue("ETag")).contains("\"3\"");
    HttpResponse<String> again =
        send("GET", "/v1/accounts/1", TELLER, null, "If-None-Match", "\"3\"");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(send("GET", "/v1/accounts/1", TELLER, null, "If-None-Match", "\"2\"").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "ETag, '\"3\"', If-None-Match, '\"3\"'",
    "Last-Modified, 'Sun, 29 Nov 2026 10:00:00 GMT',"
        + " If-Modified-Since, 'Sun, 29 Nov 2026 10:00:00 GMT'"
  })
  void anUnchangedLongAnswerEndsAtItsNode(
      String header, String value, String condition, String known) {
    REPORTS.behave(
        exchange -> {
          exchange.getResponseHeaders().set(header, value);
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(new byte[2_000_000]);
          exchange.close();
        });
    for (String type : List.of("text/plain", "application/x-ndjson")) {
      HttpResponse<String> answer =
          send("GET", "/v1/reports", TELLER, null, condition, known, "Content-Type", type);
      assertThat(answer.statusCode()).isEqualTo(304);
    }
    await().until(() -> underWayOfReports() == 0);
  }

  @Test
  void aBulkCostsAsManyAsItHasTransfers() {
    String token = ISSUER.token("small", "teller");
    String three = "{\"transfers\":[{},{\"a\":[1,2]},{}]}";
    assertThat(send("POST", "/v1/transfers/bulk", token, three).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = send("POST", "/v1/transfers/bulk", token, three);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(slug(refused)).isEqualTo("rate-limited");
    assertThat(refused.headers().firstValue("RateLimit-Policy"))
        .contains("\"tenant-writes\";q=5;w=60");
    assertThat(send("POST", "/v1/transfers", token, "{}").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/v1/transfers", token, "{}").statusCode()).isEqualTo(429);
    assertThat(received()).hasSize(2);
  }

  @Test
  void aBulkBeyondAWholeMinuteIsAdmittedOnAnUntouchedOne() {
    String token = ISSUER.token("small-whole", "teller");
    String six = "{\"transfers\":[{},{},{},{},{},{}]}";
    assertThat(send("POST", "/v1/transfers/bulk", token, six).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/v1/transfers", token, "{}").statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @CsvSource({
    "small-query, /v1/transfers/bulk?x",
    "small-escaped, /v1/transfers/%62ulk",
  })
  void aBulkCostsTheSameHoweverItsPathIsWritten(String tenant, String path) {
    String token = ISSUER.token(tenant, "teller");
    String five = "{\"transfers\":[{},{},{},{},{}]}";
    assertThat(send("POST", path, token, five).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/v1/transfers", token, "{}").statusCode()).isEqualTo(429);
  }

  @Test
  void anApiKeyIsVerifiedByANodeAndPassedOn() {
    String key = apiKey("keyed");
    answerCallers(knowing(key, "null"));

    assertThat(send("GET", "/v1/accounts", key, null).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/v1/transfers", key, "{}").statusCode()).isEqualTo(200);
    assertThat(received())
        .hasSize(2)
        .allSatisfy(
            request ->
                assertThat(request.headers()).containsEntry("authorization", "Bearer " + key));
    assertThat(asked(key))
        .singleElement()
        .satisfies(
            request -> assertThat(request.headers()).containsEntry("x-forwarded-for", "127.0.0.1"));
    assertThat(send("GET", "/gateway/routes", key, null).statusCode()).isEqualTo(403);
  }

  @Test
  void anApiKeyThatNoNodeKnowsReachesNoNodeOtherwise() {
    answerCallers(knowing(apiKey("acme"), "null"));

    assertThat(send("POST", "/v1/transfers", apiKey("acme"), "{}").statusCode()).isEqualTo(401);
    assertThat(send("POST", "/v1/transfers", "kontor_acme_x", "{}").statusCode()).isEqualTo(401);
    assertThat(received()).isEmpty();
  }

  @Test
  void anApiKeyThatNoNodeCanVerifyIsRefused() {
    answerCallers(StubNode.answering(503, problem("database-unavailable"), "Retry-After", "1"));

    HttpResponse<String> answer = send("POST", "/v1/transfers", apiKey("acme"), "{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(slug(answer)).isEqualTo("node-unavailable");
    assertThat(received()).isEmpty();
  }

  @Test
  void theLimitsOfItsTenantApplyToAnApiKey() {
    String key = apiKey("tiny");
    answerCallers(knowing(key, "null"));

    assertThat(IntStream.range(0, 3).map(_ -> send("GET", "/v1/x", key, null).statusCode()))
        .containsExactly(200, 200, 429);
  }

  @Test
  void aPlanThatANodeKnowsAppliesToItsTenant() {
    String key = apiKey("planned");
    answerCallers(knowing(key, "{\"tenantPerMinute\":1000,\"userPerMinute\":3}"));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              HttpResponse<String> answer = send("POST", "/v1/x", key, "{}");
              assertThat(answer.statusCode()).isEqualTo(429);
              assertThat(answer.headers().firstValue("RateLimit-Policy"))
                  .contains("\"user-writes\";q=3;w=60");
            });
  }

  private static String apiKey(String tenant) {
    return ApiKey.create(new TenantId(tenant), UUID.randomUUID()).reveal();
  }

  private static void answerCallers(StubNode.Behaviour behaviour) {
    List.of(QUERY_1, QUERY_2).forEach(node -> node.answerCallers(behaviour));
  }

  /** What the gateway asked with this API key. */
  private static List<Received> asked(String key) {
    return NODES.stream()
        .flatMap(node -> node.asked().stream())
        .filter(request -> ("Bearer " + key).equals(request.headers().get("authorization")))
        .toList();
  }

  /** As a node does that has this API key alone. */
  private static StubNode.Behaviour knowing(String key, String plan) {
    return exchange -> {
      boolean isKnown =
          ("Bearer " + key).equals(exchange.getRequestHeaders().getFirst("Authorization"));
      String caller =
          "{\"subject\":\"key:1\",\"roles\":[\"teller\"],\"validUntil\":\"%s\",\"plan\":%s}"
              .formatted(Instant.now().plusSeconds(60), plan);
      StubNode.answering(isKnown ? 200 : 401, isKnown ? caller : problem("unauthorized"))
          .handle(exchange);
    };
  }

  @Test
  void resultsOfAStreamComeWhileItsLinesAreSent() throws IOException {
    List.of(COMMAND_1, COMMAND_2).forEach(node -> node.answerLines("{\"line\":%d}"));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(10_000);
      var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      write(
          socket,
          POST.replace("/v1/transfers", "/v1/transfers/bulk")
              + "Content-Type: application/x-ndjson\r\nX-User-Id: root\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      for (int line = 1; line <= 3; line++) {
        write(socket, "3\r\n{}\n\r\n");
        String result = "{\"line\":%d}".formatted(line);
        assertThat(answer.lines().filter(result::equals).findFirst()).isPresent();
      }
      write(socket, "0\r\n\r\n");
      assertThat(answer.lines().filter("0"::equals).findFirst()).isPresent();
    }
    assertThat(received())
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.headers())
                    .containsEntry("authorization", "Bearer " + TELLER)
                    .containsEntry("content-type", "application/x-ndjson")
                    .doesNotContainKey("x-user-id"));
  }

  @Test
  void aStreamThatANodeRefusesIsAnsweredAsTheNodeDoes() {
    List.of(COMMAND_1, COMMAND_2)
        .forEach(
            node ->
                node.behave(
                    StubNode.answering(429, problem("too-many-streams"), "Retry-After", "1")));
    HttpResponse<String> answer =
        send("POST", "/v1/transfers/bulk", TELLER, "{}\n", "Content-Type", "application/x-ndjson");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).contains("too-many-streams");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void aStreamWhoseNodeDiesIsNotSentAgain() {
    List.of(COMMAND_1, COMMAND_2).forEach(node -> node.behave(StubNode.dying()));
    HttpResponse<String> answer =
        send("POST", "/v1/transfers/bulk", TELLER, "{}\n", "Content-Type", "application/x-ndjson");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(slug(answer)).isEqualTo("node-unavailable");
    assertThat(received()).hasSize(1);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  @Test
  void operatorsSeeRoutesAndNodesAndOthersDoNot() {
    assertThat(send("GET", "/gateway/routes", TELLER, null).statusCode()).isEqualTo(403);
    assertThat(send("GET", "/actuator/prometheus", TELLER, null).statusCode()).isEqualTo(403);
    send("GET", "/v1/accounts", TELLER, null);
    assertThat(send("GET", "/actuator/prometheus", ISSUER.operator(), null).body())
        .contains(
            "kontor_gateway_attempts_total",
            "kontor_gateway_node_up",
            "kontor_gateway_requests_total{group=\"query\",status=\"2xx\",tenant=\"acme\"}");
    JsonNode routes = routes();
    assertThat(routes.valueStream().map(route -> route.path("path").asString()))
        .containsExactly("/v1/reports", "/console", "/v1", "/v1");
    assertThat(routes.path(2).path("group").asString()).isEqualTo("query");
    assertThat(routes.path(2).at("/nodes/0/url").asString()).isEqualTo(QUERY_1.url().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "Content-Length: +4\r\n\r\nabcd",
        "Content-Length: 4, 4\r\n\r\nabcd",
        "Content-Length: -1\r\n\r\nabcd",
        "Content-Length: 0x4\r\n\r\nabcd",
        "Content-Length: 4\rX-A: b\r\n\r\nabcd",
        "Content-Length: 4\r\n Content-Length: 0\r\n\r\nabcd",
        "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        "X-A : b\r\nContent-Length: 0\r\n\r\n",
        "X-A: b\u0000c\r\nContent-Length: 0\r\n\r\n"
      })
  void aRequestWhoseEndIsAmbiguousReachesNoNode(String rest) throws IOException {
    assertThat(raw(POST + rest)).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 2");
    assertThat(received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Half: a he", "Content-Length: 100\r\n\r\n{"})
  void aClientThatStopsInTheMiddleIsCutOff(String rest) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write((POST + rest).getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).doesNotStartWith("HTTP/1.1 2");
    }
    assertThat(received()).isEmpty();
  }

  /** Where two lengths are given, the chunks count, and the connection ends with the answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 200\r\n\r\n"
      })
  void aSecondRequestHiddenBehindAnAmbiguousEndReachesNoNode(String lengths) throws IOException {
    String hidden = "GET /v1/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answer = raw(POST + lengths + "0\r\n\r\n" + hidden);
    assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
    assertThat(received()).extracting(Received::target).doesNotContain("/v1/hidden");
  }

  private static SpringApplication application() {
    var application = new SpringApplication(GatewayApplication.class);
    application.addInitializers(
        context ->
            ((GenericApplicationContext) context)
                .registerBean("failing", FilterRegistrationBean.class, GatewayTest::failing));
    return application;
  }

  private static FilterRegistrationBean<Filter> failing() {
    var filter =
        new FilterRegistrationBean<Filter>(
            (request, response, chain) -> {
              if (((HttpServletRequest) request).getHeader(FAILING) != null) {
                throw new IllegalStateException("a filter fails");
              }
              chain.doFilter(request, response);
            });
    filter.setOrder(Ordered.LOWEST_PRECEDENCE);
    return filter;
  }

  private static void neverAnswer(HttpExchange exchange) {
    // The gateway gives up; the exchange ends with the stub.
    assertThat(exchange.getRequestMethod()).isNotEmpty();
  }

  /** A node may still be coming back from another test. */
  private static void awaitNodes(String method, String path, String... names) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(nodes(method, path)).containsExactly(names));
  }

  /** The nodes that answered some such requests. */
  private static Set<String> nodes(String method, String path) {
    return IntStream.range(0, 8)
        .mapToObj(i -> send(method, path, TELLER, method.equals("POST") ? "{}" : null))
        .filter(answer -> answer.statusCode() == 200)
        .map(answer -> JsonMapper.shared().readTree(answer.body()).path("node").asString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Received> received() {
    return NODES.stream().flatMap(node -> node.received().stream()).toList();
  }

  private static Set<String> keys(StubNode node) {
    return node.received().stream()
        .map(request -> request.headers().get("idempotency-key"))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static Set<String> keysUpTo(int count) {
    return IntStream.range(0, count).mapToObj(i -> "key-" + i).collect(Collectors.toSet());
  }

  private static JsonNode routes() {
    return JsonMapper.shared()
        .readTree(send("GET", "/gateway/routes", ISSUER.operator(), null).body());
  }

  private static int underWayOfReports() {
    return routes().at("/0/nodes/0/underWay").asInt();
  }

  private static String circuit(StubNode node) {
    return routes()
        .path(2)
        .path("nodes")
        .valueStream()
        .filter(state -> state.path("url").asString().equals(node.url().toString()))
        .map(state -> state.path("circuit").asString())
        .findFirst()
        .orElseThrow();
  }

  private static String problem(String slug) {
    return "{\"type\":\"https://kontor.example/problems/%s\"}".formatted(slug);
  }

  private static String slug(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    String type = JsonMapper.shared().readTree(answer.body()).path("type").asString();
    return type.substring(type.lastIndexOf('/') + 1);
  }

  private static HttpResponse<String> send(
      String method, String path, String token, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null && Stream.of(headers).noneMatch("Content-Type"::equals)) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String raw(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static int port() {
    return Objects.requireNonNull(GATEWAY.getWebServer()).getPort();
  }
}

package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kontor.app.SpanCollector.Collected;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes whose spans a collector takes; of their own accord they begin no trace. */
@Timeout(120)
@Tag("system")
class TracingTest {
  private static final String TENANT = "acme";
  private static final String CALLER = "b7ad6b7169203331";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Cluster cluster = new Cluster();
  private static final SpanCollector collector = SpanCollector.start();
  private static final Map<String, String> heardByTheClearingHouse = new ConcurrentHashMap<>();
  private static HttpServer clearingHouse;
  private static Cluster.Node worker;
  private static Cluster.Node desk;

  @BeforeAll
  static void start() throws IOException {
    clearingHouse =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    clearingHouse.createContext("/payments/", TracingTest::accept);
    clearingHouse.start();
    worker = cluster.node("command,query,projection,saga", settings());
    desk = cluster.node("query", settings());
    worker.operator().registerTenant(TENANT);
    await()
        .atMost(TIMEOUT)
        .until(() -> worker.nodesThatItSees() == 2 && desk.nodesThatItSees() == 2);
  }

  @AfterAll
  static void stop() {
    desk.close();
    worker.close();
    cluster.close();
    collector.close();
    clearingHouse.stop(0);
  }

  @Test
  void whatACallerTracesIsOneTraceFromRequestToDiskAcrossNodes() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String account = desk.teller(TENANT).openAccount();
    Answer deposit =
        desk.teller(TENANT)
            .post(
                "/v1/accounts/%s/deposits".formatted(account),
                BankClient.movement("5.00"),
                "Idempotency-Key",
                BankClient.newKey(),
                "traceparent",
                sampled(trace))
            .expect(200);

    Collected append = awaited(trace, "EventStore.append");
    Collected request = awaited(trace, "http post /v1/accounts/{id}/deposits");
    awaited(trace, "http post /internal/commands");
    assertThat(collector.around(append))
        .containsExactly(
            "EventStore.append",
            "CommandBus.handleCommand(Deposit)",
            "CommandBus.dispatchCommand(Deposit)",
            "http post /internal/commands",
            "CommandBus.dispatchDistributedCommand(Deposit)",
            "http post /v1/accounts/{id}/deposits",
            CALLER);
    assertThat(deposit.header("traceparent"))
        .isEqualTo("00-%s-%s-01".formatted(trace, request.id()));
    assertThat(deposit.header("Kontor-Correlation-Id")).isEqualTo(trace);
  }

  @Test
  void whatFollowsFromARequestIsInItsTraceUpToThePartyOutside() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String account = desk.teller(TENANT).openAccount();
    desk.teller(TENANT).deposit(account, "100.00").expect(200);
    desk.teller(TENANT)
        .post(
            "/v1/payments",
            BankClient.paymentBody(account, "40.00"),
            "Idempotency-Key",
            BankClient.newKey(),
            "traceparent",
            sampled(trace))
        .expect(202);

    Collected submission = awaited(trace, "submit-payment");
    assertThat(heardByTheClearingHouse)
        .containsEntry(trace, "00-%s-%s-01".formatted(trace, submission.id()));
    assertThat(collector.around(awaited(trace, "CommandBus.handleCommand(RecordSubmission)")))
        .contains("submit-payment", "hold-for-payment", "http post /v1/payments")
        .endsWith(CALLER);
    assertThat(collector.trace(trace))
        .filteredOn(span -> span.name().startsWith("CommandBus.handle"))
        .allSatisfy(span -> assertThat(span.attributes()).containsEntry("kontor.tenant", TENANT));
    assertThat(collector.trace(trace).toString())
        .doesNotContain("Grace", "DE89370400440532013000", "Bearer", "idempotency");
  }

  @Test
  void whatAProcessAsksForIsInTheTraceOfWhatItFollowsFrom() {
    String trace = "c0ffee00c0ffee00c0ffee00c0ffee00";
    BankClient teller = desk.teller(TENANT);
    String account = teller.openAccount();
    teller.deposit(account, "100.00").expect(200);
    teller.offer("MUG-1", "10.00", 5);
    teller
        .post(
            "/v1/orders",
            BankClient.orderBody(account, "MUG-1", 2),
            "Idempotency-Key",
            BankClient.newKey(),
            "traceparent",
            sampled(trace))
        .expect(202);

    Collected reserved = awaited(trace, "CommandBus.handleCommand(ReserveItems)");
    // The event's span ends after the commands that follow from it.
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(collector.around(reserved))
                    .contains(
                        "StreamingEventProcessor.process(OrderPlaced)", "http post /v1/orders")
                    .endsWith(CALLER));
  }

  @Test
  void whatNobodyTracesHasAnAnswerToQuoteAndNoSpans() {
    Answer opened =
        desk.teller(TENANT)
            .post("/v1/accounts", "{}", "Idempotency-Key", BankClient.newKey(), "traceparent", "no")
            .expect(400);
    assertThat(opened.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    String trace = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    desk.teller(TENANT).get("/v1/accounts", "traceparent", sampled(trace)).expect(200);
    awaited(trace, "http get /v1/accounts");
    assertThat(collector.trace(opened.header("traceparent").substring(3, 35))).isEmpty();
  }

  private static Collected awaited(String trace, String name) {
    return await()
        .alias(name)
        .atMost(TIMEOUT)
        .until(() -> collector.find(trace, name), Optional::isPresent)
        .orElseThrow();
  }

  private static String sampled(String trace) {
    return "00-%s-%s-01".formatted(trace, CALLER);
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("kontor.cluster.secret", Cluster.SECRET);
    settings.put("kontor.tracing.endpoint", collector.endpoint());
    settings.put("kontor.tracing.share", "0");
    settings.put("management.opentelemetry.tracing.export.schedule-delay", "100ms");
    settings.put("kontor.clearing.url", "http://127.0.0.1:" + clearingHouse.getAddress().getPort());
    return settings;
  }

  private static void accept(HttpExchange exchange) throws IOException {
    try (exchange) {
      String parent = exchange.getRequestHeaders().getFirst("traceparent");
      if (parent != null) {
        heardByTheClearingHouse.put(parent.split("-", -1)[1], parent);
      }
      byte[] accepted = "{\"state\":\"ACCEPTED\"}".getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, accepted.length);
      exchange.getResponseBody().write(accepted);
    }
  }
}

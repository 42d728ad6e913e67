package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kontor.database.DatabaseLogin;
import io.kontor.database.UnsuitableDatabaseException;
import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.read.EventReader;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.TestDatabase;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.Issuer;
import io.kontor.simulator.SimulatorSettings;
import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TestAxonServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bank on a real Axon Server, as two nodes: the first with roles command and query, the second
 * with command, projection and saga. So commands travel both ways, and the second's reads to the
 * first. Skipped without a server.
 */
@Timeout(120)
@Tag("system")
class AxonServerTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private static TestDatabase database;
  private static Issuer issuer;
  private static CounterpartySimulator outside;
  private static String masterKey;
  private static EmbeddedKafkaBroker kafka;
  private static ServletWebServerApplicationContext first;
  private static ServletWebServerApplicationContext second;

  private final String tenant = "t-" + UUID.randomUUID();
  private BankClient here;
  private BankClient there;

  @BeforeAll
  static void start() {
    String address = TestAxonServer.address();
    database = TestDatabase.create();
    issuer = Issuer.start();
    outside = CounterpartySimulator.start(SimulatorSettings.quick(1));
    masterKey = MasterKeys.generate();
    kafka = EmbeddedKafkaBroker.start();
    first = node(address, "command,query");
    second = node(address, "command,projection,saga");
  }

  @AfterAll
  static void stop() {
    if (database != null) {
      second.close();
      first.close();
      kafka.close();
      outside.close();
      issuer.close();
      database.close();
    }
  }

  @BeforeEach
  void newTenant() {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () ->
                new BankClient(port(first), issuer.operator()).registerTenant(tenant).status()
                    == 201);
    here = client(first, "teller");
    there = client(second, "teller");
  }

  @Test
  void theStoryGoesOnWhicheverNodeIsAsked() {
    String alice = here.openAccount();
    String bob = there.openAccount();
    here.deposit(alice, "100.00").expect(200);
    there.deposit(bob, "10.00").expect(200);
    there.transfer(alice, bob, "30.00").expect(201);
    Answer hold = here.placeHold(bob, "25.00").expect(201);
    there.captureHold(bob, hold.text("id"), "20.00").expect(200);
    Answer last = here.withdraw(bob, "1.00").expect(200);
    for (BankClient client : List.of(here, there)) {
      assertThat(client.getAfter(last, "/v1/accounts/" + alice).amount("balance"))
          .isEqualTo("70.00");
      assertThat(client.getAfter(last, "/v1/accounts/" + bob).amount("balance")).isEqualTo("19.00");
      assertThat(client.list("/v1/accounts")).hasSize(2);
      assertThat(client.get("/v1/accounts/" + UUID.randomUUID()).status()).isEqualTo(404);
    }
  }

  @Test
  void aRejectionIsTheSameFromWhereverItComes() {
    for (int n = 0; n < 6; n++) {
      String account = here.openAccount();
      for (BankClient client : List.of(here, there)) {
        Answer refused = client.withdraw(account, "5.00").expect(422);
        assertThat(refused.slug()).isEqualTo("insufficient-funds");
        assertThat(refused.text("detail"))
            .isEqualTo("5.00 EUR were asked for, 0.00 EUR are available");
        assertThat(
                client
                    .post(
                        "/v1/accounts/%s/deposits".formatted(account),
                        BankClient.movement("5.00"),
                        "Idempotency-Key",
                        BankClient.newKey(),
                        "If-Match",
                        "\"7\"")
                    .status())
            .isEqualTo(412);
        assertThat(client.deposit(UUID.randomUUID().toString(), "5.00").status()).isEqualTo(404);
      }
    }
  }

  @Test
  void oneKeyMovesMoneyOnceWhicheverNodeIsAskedAndHoweverOften() throws Exception {
    String alice = here.openAccount();
    String bob = here.openAccount();
    here.deposit(alice, "100.00").expect(200);
    List<Future<Answer>> sent = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 40; n++) {
        String key = "key-" + n / 4;
        BankClient client = n % 2 == 0 ? here : there;
        sent.add(threads.submit(() -> client.transfer(key, alice, bob, "1.00")));
      }
    }
    for (Future<Answer> answer : sent) {
      // 409 when the same node is still processing the first of them
      assertThat(answer.get().status()).isIn(201, 409);
    }
    Answer first = here.transfer("key-0", alice, bob, "1.00").expect(201);
    Answer again = there.transfer("key-0", alice, bob, "1.00").expect(201);
    assertThat(first.isReplayed()).isTrue();
    assertThat(again.text("id")).isEqualTo(first.text("id"));
    assertThat(there.transfer("key-0", alice, bob, "2.00").expect(422).slug())
        .isEqualTo("idempotency-key-reuse");
    assertThat(here.getAfter(again, "/v1/accounts/" + bob).amount("balance")).isEqualTo("10.00");
  }

  @Test
  void whoAskedAndItsTraceStandInTheEvents() {
    String account =
        there
            .post(
                "/v1/accounts",
                "{'customer':'c-1','owner':'Ada','currency':'EUR'}",
                "traceparent",
                "00-%s-b7ad6b7169203331-01".formatted(TRACE))
            .expect(201)
            .text("id");
    Answer deposited = there.deposit(account, "1.00").expect(200);
    var events =
        client(first, "admin")
            .getAfter(deposited, "/v1/admin/events?stream=" + account)
            .expect(200)
            .json()
            .path("items");
    assertThat(events.size()).describedAs(events.toString()).isEqualTo(2);
    var metadata = events.get(0).path("metadata");
    assertThat(metadata.path("actor").asString()).isEqualTo("tim");
    assertThat(metadata.path("traceparent").asString()).contains(TRACE);
    assertThat(metadata.path("correlationId").asString()).isNotBlank();
  }

  @Test
  void nothingIsLostWhileBothNodesMoveMoneyBetweenTheSameAccounts() throws Exception {
    List<String> accounts = IntStream.range(0, 4).mapToObj(n -> here.openAccount()).toList();
    accounts.forEach(account -> here.deposit(account, "100.00").expect(200));
    List<Future<Answer>> sent = new ArrayList<>();
    var random = new Random(11);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 200; n++) {
        int from = random.nextInt(4);
        int to = (from + 1 + random.nextInt(3)) % 4;
        BankClient client = n % 2 == 0 ? here : there;
        sent.add(
            threads.submit(() -> client.transfer(accounts.get(from), accounts.get(to), "1.00")));
      }
    }
    long position = 0;
    for (Future<Answer> answer : sent) {
      assertThat(answer.get().status()).isIn(201, 503);
      if (answer.get().status() == 201) {
        position = Math.max(position, answer.get().position());
      }
    }
    Books books = Books.at(position, here, client(first, "auditor")).agree();
    assertThat(books.total()).isEqualByComparingTo(new BigDecimal("400.00"));
  }

  @Test
  void anOrderIsFulfilledAndAPaymentHandedOn() {
    String account = here.openAccount();
    here.deposit(account, "100.00").expect(200);
    here.offer("MUG-1", "10.00", 5);
    Answer order = here.orderAndWait(account, "MUG-1", 2);
    assertThat(order.text("status")).describedAs(order.http().body()).isEqualTo("CONFIRMED");
    Answer payment = there.pay(account, "7.00").expect(202);
    // The final outcome would come as a notification of the clearing house, which this test does
    // not deliver.
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () -> here.get("/v1/payments/" + payment.text("id")),
            read -> read.status() == 200 && read.text("status").equals("SUBMITTED"));
  }

  @Test
  void readModelsAreMadeAnewFromAxonServersEvents() {
    String account = here.openAccount();
    Answer deposited = here.deposit(account, "12.50").expect(200);
    var operator = new BankClient(port(second), issuer.operator());
    Answer begun =
        operator
            .post(
                "/v1/admin/projections/accounts/rebuild",
                null,
                "Idempotency-Key",
                BankClient.newKey())
            .expect(202);
    Answer done =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> operator.get("/v1/admin/rebuilds/" + begun.text("id")).expect(200),
                answer -> !answer.text("state").equals("RUNNING"));
    assertThat(done.text("state")).isEqualTo("DONE");
    assertThat(here.getAfter(deposited, "/v1/accounts/" + account).amount("balance"))
        .isEqualTo("12.50");
    var history = new EventReader(database.worker());
    assertThat(new ChainVerifier(history).run(history.head(), reached -> {})).isEmpty();
  }

  @Test
  void kafkaIsToldOfAxonServersEventsAndItsPaymentsAreBookedThere() throws Exception {
    String account = here.openAccount();
    there.deposit(account, "12.50").expect(200);
    assumeTrue(
        parked() == 0,
        "this Axon Server has events of other tests, too, which no bank knows or publishes: start"
            + " an empty one");
    awaitTold(account, "12.50");
    String payment =
        InboundPayments.payment(UUID.randomUUID().toString(), tenant, account, "30.00", "EUR");
    try (var payments = new InboundPayments(kafka)) {
      payments.send(account, payment).get();
      payments.send(account, payment).get();
    }
    awaitTold(account, "42.50");
    there.deposit(account, "1.00").expect(200);
    awaitTold(account, "43.50");
    assertThat(publishedBalances(account)).containsExactly("12.50", "42.50", "43.50");
  }

  @Test
  void theSameDatabaseBeginsNoSecondHistory() {
    assertThatThrownBy(() -> RunCommand.application().run(arguments(settings("command"))))
        .hasRootCauseInstanceOf(UnsuitableDatabaseException.class)
        .rootCause()
        .hasMessageContaining("kept in Axon Server, context default");
  }

  /** After everything was read. */
  private int parked() {
    var operator = new BankClient(port(second), issuer.operator());
    JsonNode projections =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> operator.get("/v1/admin/projections").expect(200).json(),
                all -> all.valueStream().allMatch(one -> one.path("lag").asLong() == 0));
    return projections.valueStream().mapToInt(one -> one.path("parked").asInt()).sum();
  }

  private void awaitTold(String account, String balance) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> publishedBalances(account), published -> published.contains(balance));
  }

  /** An account's balance after each deposit, as published to Kafka. */
  private List<String> publishedBalances(String account) {
    return kafka.read("kontor.accounts.v1", "read_committed").stream()
        .filter(published -> published.key().equals(tenant + "/" + account))
        .map(published -> JsonMapper.shared().readTree(published.value()))
        .filter(published -> published.path("type").asString().contains("deposited"))
        .map(published -> published.at("/data/balance/amount").asString())
        .toList();
  }

  private BankClient client(ServletWebServerApplicationContext node, String role) {
    return new BankClient(port(node), issuer.token(tenant, role));
  }

  private static int port(ServletWebServerApplicationContext node) {
    return Objects.requireNonNull(node.getWebServer()).getPort();
  }

  private static ServletWebServerApplicationContext node(String address, String roles) {
    Map<String, String> settings = settings(roles);
    settings.put("spring.profiles.active", "axonserver");
    settings.put("kontor.axonserver.servers", address);
    settings.put("kontor.kafka.bootstrap-servers", kafka.bootstrapServers());
    settings.put("kontor.axonserver.token", "a server without access control takes any");
    settings.put("axon.axonserver.client-id", UUID.randomUUID().toString());
    return (ServletWebServerApplicationContext) RunCommand.application().run(arguments(settings));
  }

  private static String[] arguments(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> "--%s=%s".formatted(entry.getKey(), entry.getValue()))
        .toArray(String[]::new);
  }

  private static Map<String, String> settings(String roles) {
    Map<String, String> settings = new HashMap<>();
    settings.put("server.port", "0");
    settings.put("server.address", "127.0.0.1");
    settings.put("kontor.roles", roles);
    settings.put("kontor.db.url", database.jdbcUrl());
    for (DatabaseLogin login : DatabaseLogin.values()) {
      settings.put(
          "kontor.db.%s.password".formatted(login.name().toLowerCase(Locale.ROOT)),
          database.password(login));
    }
    settings.put("kontor.master.key", masterKey);
    settings.put("kontor.carrier.url", outside.carrier().toString());
    settings.put("kontor.clearing.url", outside.clearing().toString());
    settings.put("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", issuer.keys());
    return settings;
  }
}

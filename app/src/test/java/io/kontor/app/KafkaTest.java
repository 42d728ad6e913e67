package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.database.DatabaseLogin;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.integration.payment.InboundPaymentConsumer;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.commandhandling.CommandBus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole bank and a Kafka beside it. */
@Timeout(180)
@Tag("system")
class KafkaTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final EmbeddedKafkaBroker BROKER = EmbeddedKafkaBroker.start();
  private static BankFixture bank;

  private final String tenant = bank.newTenant();
  private final BankClient teller = bank.teller(tenant);
  private final String account = teller.openAccount();

  @BeforeAll
  static void open() {
    bank =
        BankFixture.start(
            "--kontor.kafka.bootstrap-servers=" + BROKER.bootstrapServers(),
            "--kontor.kafka.partitions=3");
  }

  @AfterAll
  static void close() {
    bank.stop();
    BROKER.close();
  }

  @Test
  void whoHearsOfADepositMayReadWhatItMade() {
    Answer deposit = teller.deposit(account, "12.50").expect(200);

    JsonNode published = awaitPublished("deposited").getFirst();

    assertThat(published.at("/data/account").asString()).isEqualTo(account);
    assertThat(published.at("/data/balance/amount").asString()).isEqualTo("12.50");
    assertThat(published.path("correlationid").asString())
        .isEqualTo(deposit.header("Kontor-Correlation-Id"));
    String position = published.path("position").asString();
    assertThat(position).isEqualTo(Long.toString(deposit.position()));
    assertThat(
            teller
                .get("/v1/accounts/" + account, "Kontor-Min-Position", position)
                .amount("balance"))
        .isEqualTo("12.50");
    assertThat(metric("kontor.kafka.published")).isPositive();
  }

  @Test
  void aPaymentFromOutsideIsBookedOnceHoweverOftenItComes() {
    String id = UUID.randomUUID().toString();
    send(payment(id, account, "30.00", "EUR"));
    send(payment(id, account, "30.00", "EUR"));
    send(payment(UUID.randomUUID().toString(), account, "5.00", "EUR"));
    awaitBalance("35.00");

    send(payment(id, account, "31.00", "EUR"));
    assertThat(header(deadLetter("31.00"), "reason")).isEqualTo("id-reuse");
    JsonNode published = awaitPublished("deposited").getFirst();
    assertThat(published.path("correlationid").asString()).isEqualTo(id);
    assertThat(
            bank.auditor(tenant)
                .get("/v1/admin/events?type=money-deposited")
                .json()
                .at("/items/0/metadata/actor")
                .asString())
        .isEqualTo("kafka:payments.inbound");
    assertThat(balance()).isEqualTo("35.00");
  }

  @Test
  void aKeyOfAClientsIsNoPaymentsId() {
    String id = UUID.randomUUID().toString();
    teller
        .post(
            "/v1/accounts/%s/deposits".formatted(account),
            BankClient.movement("1.00"),
            "Idempotency-Key",
            id)
        .expect(200);
    send(payment(id, account, "2.00", "EUR"));
    awaitBalance("3.00");
  }

  @Test
  void whatIsNoPaymentIsADeadLetterThatTellsTheReason() {
    String frozen = teller.openAccount();
    teller.freeze(frozen).expect(200);
    String strangers = bank.teller(bank.newTenant()).openAccount();
    Map<String, String> reasons =
        Map.of(
            "not json at all",
            "not-a-payment",
            payment("a-" + tenant, account, "1", "EUR"),
            "not-a-payment",
            payment("b-" + tenant, account, "-1.00", "EUR"),
            "not-a-payment",
            payment("c-" + tenant, account, "1.00", "EUR").replace("reference", "refrence"),
            "not-a-payment",
            payment("d-" + tenant, account, "1.00", "USD"),
            "currency-mismatch",
            payment("e-" + tenant, frozen, "1.00", "EUR"),
            "account-frozen",
            payment("f-" + tenant, strangers, "1.00", "EUR"),
            "not-found",
            InboundPayments.payment("g-" + tenant, "nobody", account, "1.00", "EUR"),
            "not-found",
            payment("h-" + tenant, account, "1.00", "DEM"),
            "not-a-payment",
            payment("i-" + tenant, account, "0." + "1".repeat(800_000), "EUR"),
            "not-a-payment");
    reasons.keySet().forEach(KafkaTest::send);
    send(payment("z-" + tenant, account, "9.00", "EUR"));

    awaitBalance("9.00");
    reasons.forEach(
        (message, reason) ->
            await()
                .atMost(SOON)
                .untilAsserted(
                    () ->
                        assertThat(deadLetters())
                            .filteredOn(one -> text(one).equals(message))
                            .as(message)
                            .singleElement()
                            .satisfies(
                                one -> {
                                  assertThat(header(one, "reason")).isEqualTo(reason);
                                  assertThat(header(one, "detail")).isNotBlank();
                                  assertThat(header(one, "kafka_dlt-original-topic"))
                                      .isEqualTo("payments.inbound");
                                })));
  }

  @Test
  void whateverIsSentNeverBlocksThePartition() {
    String good = payment("k-" + tenant, account, "1.00", "EUR");
    List<String> hostile =
        List.of(
            "",
            "null",
            "17",
            "[]",
            "{}",
            "[".repeat(3000),
            good.replace("\"invoice\"", "\"\\u0000\""),
            good.replace("\"invoice\"", "\"one\\r\\ntwo\""),
            good.replace("\"invoice\"", "\"" + "x".repeat(141) + "\""),
            good.replace("\"invoice\"", "null"),
            good.replace("\"invoice\"", "{}"),
            good.replace("\"1.00\"", "null"),
            good.replace("\"1.00\"", "1e999999999"),
            good.replace("\"1.00\"", "\"" + "9".repeat(40) + ".00\""),
            good.replace("\"EUR\"", "null"),
            good.replace("\"EUR\"", "\"\""),
            good.replaceAll("\\{\"amount\".*?\\}", "null"),
            good.replaceAll("\\{\"amount\".*?\\}", "[]"),
            good.replace(account, "not-a-uuid"),
            good.replace("\"" + account + "\"", "null"),
            good.replace("\"" + tenant + "\"", "null"),
            good.replace("\"" + tenant + "\"", "\"../\\u0000\""),
            good.replace("\"k-" + tenant + "\"", "null"),
            good.replace("\"k-" + tenant + "\"", "\"\""),
            good.replace("\"k-" + tenant + "\"", "\"\\ud83d\""),
            // Together with its reason it is longer than the broker takes.
            "x".repeat(1_048_400));
    List<String> before = deadLetters().stream().map(KafkaTest::place).toList();
    hostile.forEach(KafkaTest::send);
    send(good);

    awaitBalance("1.00");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(deadLetters()).hasSize(before.size() + hostile.size()));
    assertThat(deadLetters())
        .filteredOn(letter -> !before.contains(place(letter)))
        .allSatisfy(
            letter -> {
              assertThat(header(letter, "reason")).isIn("not-a-payment", "not-found");
              assertThat(header(letter, "detail"))
                  .isNotBlank()
                  .hasSizeLessThanOrEqualTo(140)
                  .matches(line -> line.chars().noneMatch(Character::isISOControl));
            });
  }

  @Test
  void aTopicThatIsReadAgainFromItsBeginningBooksNothingAgain() {
    String other = teller.openAccount();
    String first = "first-" + tenant;
    send(payment(first, account, "10.00", "EUR"));
    send(payment("second-" + tenant, account, "20.00", "EUR"));
    awaitBalance("30.00");
    // A payment that was booked stays booked, even if the account would reject it now.
    teller.freeze(account).expect(200);
    double repeated = metric("kontor.kafka.inbound?tag=outcome:repeated");
    int dead = deadLetters().size();

    InboundPaymentConsumer inbound = bank.part(InboundPaymentConsumer.class);
    inbound.stop();
    forgetWhatWasRead();
    inbound.start();

    await()
        .atMost(SOON)
        .until(() -> metric("kontor.kafka.inbound?tag=outcome:repeated") >= repeated + 2);
    send(payment("third-" + tenant, other, "1.00", "EUR"));
    awaitBalance(other, "1.00");
    assertThat(balance()).isEqualTo("30.00");
    assertThat(deadLetters().stream().skip(dead).map(KafkaTest::text))
        .noneMatch(letter -> letter.contains(first));
  }

  @Test
  void whatAnotherNodeBookedIsNoDeadLetterThoughTheAccountWouldRefuseItNow() {
    send(payment("here-" + tenant, account, "10.00", "EUR"));
    awaitBalance("10.00");
    // As booked by another node, not in this node's memory.
    JdbcClient.create(bank.postgres().dataSource(DatabaseLogin.WORKER))
        .sql(
            """
            insert into kontor.idempotency (tenant_id, key, fingerprint, answer, position)
            select tenant_id, replace(key, 'here-', 'there-'), fingerprint, answer, position
              from kontor.idempotency where tenant_id = ? and key like '%here-%'
            """)
        .param(tenant)
        .update();
    teller.freeze(account).expect(200);
    double repeated = metric("kontor.kafka.inbound?tag=outcome:repeated");

    send(payment("there-" + tenant, account, "10.00", "EUR"));
    send(payment("new-" + tenant, account, "10.00", "EUR"));

    assertThat(header(deadLetter("new-" + tenant), "reason")).isEqualTo("account-frozen");
    assertThat(metric("kontor.kafka.inbound?tag=outcome:repeated")).isEqualTo(repeated + 1);
    assertThat(deadLetters()).noneMatch(letter -> text(letter).contains("there-" + tenant));
  }

  @Test
  void whatTheStoreCantTakeNowIsBookedLaterAndIsNoDeadLetter() {
    var failures = new AtomicInteger();
    var fault =
        bank.part(CommandBus.class)
            .registerHandlerInterceptor(
                (unit, chain) -> {
                  if (unit.getMessage().getPayload() instanceof Deposit deposit
                      && deposit.account().tenant().value().equals(tenant)
                      && failures.incrementAndGet() <= 3) {
                    throw new StoreBusyException("the database is away");
                  }
                  return chain.proceed();
                });
    try {
      send(payment("busy-" + tenant, account, "4.00", "EUR"));
      awaitBalance("4.00");
    } finally {
      fault.close();
    }
    assertThat(failures.get()).isGreaterThan(3);
    assertThat(deadLetters()).noneMatch(letter -> text(letter).contains("busy-" + tenant));
  }

  @Test
  void theBankWorksOnWithoutKafkaAndCatchesUp() {
    teller.deposit(account, "1.00").expect(200);
    awaitPublished("deposited");
    BROKER.stop();
    try {
      for (int n = 0; n < 20; n++) {
        teller.deposit(account, "1.00").expect(200);
      }
      await().atMost(SOON).until(() -> metric("kontor.kafka.failing") == 1);
      assertThat(metric("kontor.kafka.lag")).isGreaterThanOrEqualTo(20);
      bank.anyone().get("/actuator/health/readiness").expect(200);
      bank.anyone().get("/actuator/health").expect(200);
      bank.teller(tenant).get("/v1/admin/integration").expect(403);
      bank.auditor(tenant).get("/v1/admin/integration").expect(200);
      Answer status = bank.operator().get("/v1/admin/integration").expect(200);
      assertThat(status.text("state")).isEqualTo("WAITING");
      assertThat(status.json().path("lag").asLong()).isGreaterThanOrEqualTo(20);
      assertThat(teller.deposit(account, "1.00").expect(200).amount("balance")).isEqualTo("22.00");
    } finally {
      BROKER.restart();
    }
    await().atMost(SOON).until(() -> published("deposited").size() == 22);
    assertThat(published("deposited"))
        .map(one -> one.at("/data/balance/amount").asString())
        .startsWith("1.00", "2.00")
        .endsWith("21.00", "22.00")
        .doesNotHaveDuplicates();
    send(payment("after-" + tenant, account, "8.00", "EUR"));
    awaitBalance("30.00");
    await().atMost(SOON).until(() -> metric("kontor.kafka.lag") == 0);
  }

  @Test
  void everyMetricOfKafkasThatAlarmsIsThere() throws IOException {
    Set<String> wanted = DashboardTest.metricsIn("alerts.yaml");
    wanted.removeIf(name -> !name.contains("kafka"));
    assertThat(wanted).contains("kontor_kafka_lag");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        bank.operator()
                            .get("/actuator/prometheus")
                            .http()
                            .body()
                            .lines()
                            .map(line -> line.replaceAll("[{ ].*", "")))
                    .containsAll(wanted));
  }

  @Test
  void aBankWithoutASettingHasNothingOfKafka() {
    assertThat(BankFixture.running().partTypes())
        .noneMatch(part -> part.startsWith("io.kontor.integration."))
        .noneMatch(part -> part.startsWith("org.springframework.kafka."));
  }

  private String payment(String id, String account, String amount, String currency) {
    return InboundPayments.payment(id, tenant, account, amount, currency);
  }

  private static void send(String message) {
    try (var payments = new InboundPayments(BROKER)) {
      payments.send("one-partition", message).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private String balance() {
    return balance(account);
  }

  private String balance(String of) {
    return teller.get("/v1/accounts/" + of).expect(200).amount("balance");
  }

  private void awaitBalance(String amount) {
    awaitBalance(account, amount);
  }

  private void awaitBalance(String of, String amount) {
    await().atMost(SOON).untilAsserted(() -> assertThat(balance(of)).isEqualTo(amount));
  }

  /** What was published of this test's account. */
  private List<JsonNode> published(String what) {
    return BROKER.read("kontor.accounts.v1", "read_committed").stream()
        .filter(one -> one.key().equals(tenant + "/" + account))
        .map(one -> JSON.readTree(one.value()))
        .filter(event -> event.path("type").asString().equals("io.kontor.account." + what + ".v1"))
        .toList();
  }

  private List<JsonNode> awaitPublished(String what) {
    await().atMost(SOON).until(() -> !published(what).isEmpty());
    return published(what);
  }

  private static List<ConsumerRecord<String, byte[]>> deadLetters() {
    return BROKER.read("payments.inbound.dlt", "read_committed");
  }

  private static ConsumerRecord<String, byte[]> deadLetter(String containing) {
    await()
        .atMost(SOON)
        .until(() -> deadLetters().stream().anyMatch(one -> text(one).contains(containing)));
    return deadLetters().stream().filter(one -> text(one).contains(containing)).findFirst().get();
  }

  private static String place(ConsumerRecord<String, byte[]> record) {
    return record.partition() + "/" + record.offset();
  }

  private static String text(ConsumerRecord<String, byte[]> record) {
    return record.value() == null ? "" : new String(record.value(), UTF_8);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private double metric(String name) {
    return bank.operator()
        .get("/actuator/metrics/" + name)
        .json()
        .at("/measurements/0/value")
        .asDouble(0);
  }

  /** As after a crash between booking and committing what was read, at its worst. */
  private static void forgetWhatWasRead() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> beginning =
          Stream.of(0, 1, 2)
              .collect(
                  toMap(
                      n -> new TopicPartition("payments.inbound", n),
                      n -> new OffsetAndMetadata(0)));
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(
              () -> {
                admin.alterConsumerGroupOffsets("kontor.payments.inbound", beginning).all().get();
                return true;
              });
    }
  }
}

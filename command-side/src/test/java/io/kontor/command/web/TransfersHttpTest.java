package io.kontor.command.web;

import static io.kontor.command.web.CommandApiClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"axon.axonserver.enabled=false", "axon.timeout.enabled=false"})
class TransfersHttpTest {
  @LocalServerPort private int port;

  private CommandApiClient teller;
  private String from;
  private String to;

  @BeforeEach
  void openAccounts() {
    teller = CommandApiClient.teller(port, "acme");
    from = teller.open("10.00");
    to = teller.open("0.00");
  }

  @Test
  void aTransferIsAnsweredWithItsPlaceAndBothVersions() {
    var booked = teller.post("/v1/transfers", transfer(from, to, "4.00"));

    assertThat(booked.status()).isEqualTo(201);
    assertThat(booked.header("Location")).isEqualTo("/v1/transfers/" + booked.text("id"));
    assertThat(booked.text("fromVersion")).isEqualTo("2");
    assertThat(booked.text("toVersion")).isEqualTo("1");
  }

  @Test
  void aCustomerSendsFromTheirOwnAccountsOnly() {
    var owner = CommandApiClient.customer(port, "acme", "cust-42");
    var other = CommandApiClient.customer(port, "acme", "cust-43");

    var refused = other.post("/v1/transfers", transfer(from, to, "1.00"));
    var unknown = other.post("/v1/transfers", transfer(UUID.randomUUID().toString(), to, "1.00"));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.http().body()).isEqualTo(unknown.http().body());
    assertThat(owner.post("/v1/transfers", transfer(from, to, "1.00")).status()).isEqualTo(201);
  }

  @Test
  void anAccountDoesNotSendToItself() {
    assertThat(teller.post("/v1/transfers", transfer(from, from, "1.00")).slug())
        .isEqualTo("same-account");
  }

  @Test
  void eachTransferOfABulkSucceedsOrFailsAlone() {
    String key = UUID.randomUUID().toString();
    String bulk =
        bulk(
            transfer(from, to, "1.00"),
            transfer(from, to, "999.00"),
            transfer(from, UUID.randomUUID().toString(), "1.00"),
            transfer(from, to, "2.00"));

    var answer = teller.post("/v1/transfers/bulk", bulk, key);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("results").valueStream().map(r -> r.path("status").asInt()))
        .containsExactly(201, 422, 404, 201);
    assertThat(answer.json().at("/results/1/type").asString()).endsWith("/insufficient-funds");
    assertThat(answer.json().at("/results/1").has("id")).isFalse();

    var again = teller.post("/v1/transfers/bulk", bulk, key);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.http().body()).isEqualTo(answer.http().body());
    assertThat(again.header("Kontor-Position")).isEqualTo(answer.header("Kontor-Position"));
    assertThat(teller.post("/v1/transfers/bulk", bulk(), key).slug())
        .isEqualTo("idempotency-key-reuse");
  }

  @Test
  void aTransferOfABulkMayBeKnownByItsOwnKey() {
    String key = UUID.randomUUID().toString();
    var alone = teller.post("/v1/transfers", transfer(from, to, "1.00"), key);

    var bulk = teller.post("/v1/transfers/bulk", bulk(under(key, transfer(from, to, "1.00"))));
    assertThat(bulk.json().at("/results/0/id").asString()).isEqualTo(alone.text("id"));
  }

  @Test
  void twoItemsOfABulkWithOneKeyAreOneTransfer() {
    String key = UUID.randomUUID().toString();
    var answer =
        teller.post(
            "/v1/transfers/bulk",
            bulk(
                under(key, transfer(from, to, "1.00")),
                under(key, transfer(from, to, "1.00")),
                under(key, transfer(from, to, "2.00")),
                transfer(from, to, "3.00")));

    assertThat(statuses(answer)).containsExactly(201, 201, 422, 201);
    assertThat(answer.json().at("/results/1")).isEqualTo(answer.json().at("/results/0"));
    assertThat(answer.json().at("/results/2/type").asString()).endsWith("/idempotency-key-reuse");
    assertThat(teller.post("/v1/transfers", transfer(from, to, "7.00")).slug())
        .as("4.00 of 10.00 were sent")
        .isEqualTo("insufficient-funds");
  }

  @Test
  void aRefusedItemIsRepeatedByItsKeyToo() {
    String key = UUID.randomUUID().toString();
    var answer =
        teller.post(
            "/v1/transfers/bulk",
            bulk(
                under(key, transfer(from, to, "999.00")),
                under(key, transfer(from, to, "999.00")),
                under(key, transfer(from, to, "1.00"))));

    assertThat(statuses(answer)).containsExactly(422, 422, 422);
    assertThat(answer.json().at("/results/1/type").asString()).endsWith("/insufficient-funds");
    assertThat(answer.json().at("/results/2/type").asString()).endsWith("/idempotency-key-reuse");
  }

  @Test
  void theKeyOfABulkIsNoItemsKey() {
    String key = UUID.randomUUID().toString();
    String bulk = bulk(under(key, transfer(from, to, "1.00")), transfer(from, to, "1.00"));

    var answer = teller.post("/v1/transfers/bulk", bulk, key);
    assertThat(statuses(answer)).containsExactly(422, 201);
    assertThat(answer.json().at("/results/0/type").asString()).endsWith("/idempotency-key-reuse");
  }

  /** While another request with an item's key runs, the item has no result to record. */
  @Test
  void anItemWhoseKeyIsInUseElsewhereIsAnsweredOnceThatIsDone() throws Exception {
    List<String> keys = IntStream.range(0, 64).mapToObj(i -> UUID.randomUUID().toString()).toList();
    String bulkKey = UUID.randomUUID().toString();
    String bulk =
        bulk(
            keys.stream()
                .map(key -> under(key, transfer(from, to, "0.01")))
                .toArray(String[]::new));
    try (var clients = Executors.newFixedThreadPool(16)) {
      for (String key : keys) {
        clients.execute(() -> teller.post("/v1/transfers", transfer(from, to, "0.01"), key));
      }
      var atOnce = teller.post("/v1/transfers/bulk", bulk, bulkKey);
      assertThat(statuses(atOnce)).isSubsetOf(201, 409);
    }

    var after = teller.post("/v1/transfers/bulk", bulk, bulkKey);
    assertThat(statuses(after)).hasSize(64).containsOnly(201);
    assertThat(teller.post("/v1/transfers", transfer(from, to, "9.37")).slug())
        .as("0.64 of 10.00 were sent")
        .isEqualTo("insufficient-funds");
  }

  @Test
  void aBulkOfAThousandIsBookedWhole() {
    String all =
        IntStream.range(0, 1_000)
            .mapToObj(i -> transfer(from, to, "0.01"))
            .collect(Collectors.joining(",", "{'transfers':[", "]}"));

    var answer = teller.post("/v1/transfers/bulk", all);
    assertThat(answer.json().path("results").valueStream().map(r -> r.path("status").asInt()))
        .hasSize(1_000)
        .containsOnly(201);
  }

  @Test
  void aBulkThatCannotBeMeantIsRefusedWhole() {
    var zero =
        teller.post(
            "/v1/transfers/bulk", bulk(transfer(from, to, "1.00"), transfer(from, to, "0.00")));
    assertThat(zero.status()).isEqualTo(400);
    assertThat(zero.pointer()).isEqualTo("/transfers/1/amount");

    var many =
        teller.post(
            "/v1/transfers/bulk",
            bulk(Collections.nCopies(1_001, transfer(from, to, "0.01")).toArray(String[]::new)));
    assertThat(many.status()).isEqualTo(400);
    assertThat(many.pointer()).isEqualTo("/transfers");

    assertThat(teller.post("/v1/transfers/bulk", bulk("null")).status()).isEqualTo(400);
    assertThat(teller.post("/v1/transfers/bulk", bulk(), null).pointer())
        .isEqualTo("Idempotency-Key");
    assertThat(teller.post("/v1/transfers", transfer("x", to, "1.00")).pointer())
        .isEqualTo("/from");
  }

  private static List<Integer> statuses(Answer answer) {
    return answer.json().path("results").valueStream().map(r -> r.path("status").asInt()).toList();
  }

  private static String under(String key, String transfer) {
    return transfer.replace("{'from'", "{'idempotencyKey':'" + key + "','from'");
  }

  private static String bulk(String... transfers) {
    return "{'transfers':[" + String.join(",", transfers) + "]}";
  }
}

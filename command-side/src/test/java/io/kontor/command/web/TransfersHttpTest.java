package io.kontor.command.web;

import static io.kontor.command.web.Client.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.UUID;
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

  private Client teller;
  private String from;
  private String to;

  @BeforeEach
  void openAccounts() {
    teller = Client.teller(port, "acme");
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
    var owner = Client.customer(port, "acme", "cust-42");
    var other = Client.customer(port, "acme", "cust-43");

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

    var bulk =
        teller.post(
            "/v1/transfers/bulk",
            bulk(
                transfer(from, to, "1.00")
                    .replace("{'from'", "{'idempotencyKey':'" + key + "','from'")));
    assertThat(bulk.json().at("/results/0/id").asString()).isEqualTo(alone.text("id"));
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

  private static String bulk(String... transfers) {
    return "{'transfers':[" + String.join(",", transfers) + "]}";
  }
}

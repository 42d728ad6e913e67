package io.kontor.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guarantees of the API to clients, call by call. */
class PromisesTest {
  private final BankFixture bank = BankFixture.running();
  private final String tenant = bank.newTenant();
  private final BankClient teller = bank.teller(tenant);
  private final BankClient auditor = bank.auditor(tenant);
  private final String ada = teller.openAccount();
  private final String bob = teller.openAccount();

  @BeforeEach
  void adaHasMoney() {
    teller.deposit(ada, "100.00").expect(200);
  }

  @Test
  void everyReadModelWaitsForThePositionItIsAskedFor() {
    for (int i = 1; i <= 20; i++) {
      Answer sent = teller.transfer(ada, bob, "1.00").expect(201);
      String entry = sent.text("entryId");
      String balance = i + ".00";

      assertThat(teller.getAfter(sent, "/v1/accounts/" + bob).amount("balance")).isEqualTo(balance);
      assertThat(teller.getAfter(sent, "/v1/accounts/%s/balance".formatted(bob)).amount("balance"))
          .isEqualTo(balance);
      assertThat(newest(sent, "/v1/accounts/%s/postings".formatted(bob), "entryId"))
          .isEqualTo(entry);
      assertThat(newest(sent, "/v1/transfers?account=" + bob, "id")).isEqualTo(sent.text("id"));
      teller.getAfter(sent, "/v1/transfers/" + sent.text("id")).expect(200);
      assertThat(auditor.getAfter(sent, "/v1/ledger/entries/" + entry).json().path("postings"))
          .hasSize(2);
      assertThat(
              auditor.getAfter(sent, "/v1/ledger/trial-balance").json().at("/0/credits").asString())
          .isEqualTo(100 + i + ".00");
    }
  }

  @Test
  void aReadModelThatIsBehindSaysSo() {
    Answer behind = teller.get("/v1/accounts/" + ada, "Kontor-Min-Position", "999999999");

    assertThat(behind.expect(503).slug()).isEqualTo("read-model-behind");
    assertThat(behind.header("Retry-After")).isNotNull();
  }

  @Test
  void theBalanceOfAnEarlierTimeIsRemembered() {
    Answer last = teller.deposit(ada, "50.00").expect(200);
    List<String> times = new ArrayList<>();
    teller
        .getAfter(last, "/v1/accounts/%s/postings".formatted(ada))
        .json()
        .path("items")
        .forEach(posting -> times.add(posting.path("bookedAt").asString()));

    assertThat(times.reversed())
        .extracting(
            at -> teller.get("/v1/accounts/%s/balance?at=%s".formatted(ada, at)).amount("balance"))
        .as("what was booked before")
        .containsExactly("0.00", "100.00");
    assertThat(
            teller
                .get("/v1/accounts/%s/balance?at=2999-01-01T00:00:00Z".formatted(ada))
                .expect(400)
                .slug())
        .isEqualTo("invalid-request");
  }

  @Test
  void aHoldPastItsTimeIsReleasedByItself() {
    Answer hold =
        teller
            .post(
                "/v1/accounts/%s/holds".formatted(ada),
                "{'amount':%s,'reference':'card','expiresAt':'%s'}"
                    .formatted(BankClient.euros("40.00"), Instant.now().plusSeconds(1)))
            .expect(201);

    assertThat(hold.amount("available")).isEqualTo("60.00");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(teller.getAfter(hold, "/v1/accounts/" + ada).amount("available"))
                    .isEqualTo("100.00"));
  }

  @Test
  void aRepeatedRequestIsAnsweredAgainAndDoneOnce() {
    String key = BankClient.newKey();
    Answer first = teller.transfer(key, ada, bob, "30.00").expect(201);
    Answer second = teller.transfer(key, ada, bob, "30.00").expect(201);

    assertThat(first.isReplayed()).isFalse();
    assertThat(second.isReplayed()).isTrue();
    assertThat(second.json()).isEqualTo(first.json());
    assertThat(second.position()).isEqualTo(first.position());
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(teller.getAfter(second, "/v1/accounts/" + bob).amount("balance")).isEqualTo("30.00");
    assertThat(teller.transfer(key, ada, bob, "31.00").expect(422).slug())
        .isEqualTo("idempotency-key-reuse");
  }

  @Test
  void identicalRequestsAtOnceAreDoneOnce() throws Exception {
    String key = BankClient.newKey();
    Callable<Answer> request = () -> teller.transfer(key, ada, bob, "10.00");
    List<Answer> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(16, request))) {
        answers.add(answer.get());
      }
    }

    List<Answer> booked = answers.stream().filter(answer -> answer.status() == 201).toList();
    assertThat(booked)
        .extracting(answer -> answer.text("id"))
        .isNotEmpty()
        .containsOnly(booked.getFirst().text("id"));
    assertThat(booked).filteredOn(answer -> !answer.isReplayed()).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 201)
        .allSatisfy(
            answer -> {
              assertThat(answer.expect(409).slug()).isEqualTo("idempotency-in-progress");
              assertThat(answer.header("Retry-After")).isNotNull();
            });
    assertThat(teller.getAfter(booked.getFirst(), "/v1/accounts/" + bob).amount("balance"))
        .isEqualTo("10.00");
  }

  @Test
  void aChangeOfAnotherVersionIsRefused() {
    Answer deposit = teller.deposit(ada, "1.00").expect(200);
    String version = teller.getAfter(deposit, "/v1/accounts/" + ada).header("ETag");
    assertThat(version).isEqualTo("\"%s\"".formatted(deposit.json().path("version").asLong()));

    assertThat(depositIfMatch(version).status()).isEqualTo(200);
    assertThat(depositIfMatch(version).status()).isEqualTo(412);
  }

  @Test
  void aThousandTransfersInOneRequestSucceedOrFailAlone() {
    String frozen = teller.openAccount();
    teller.freeze(frozen).expect(200);
    String body =
        IntStream.range(0, 1_000)
            .mapToObj(i -> BankClient.transferBody(ada, i % 100 == 99 ? frozen : bob, "0.05"))
            .collect(joining(",", "{'transfers':[", "]}"));
    String key = BankClient.newKey();

    Answer bulk = teller.post("/v1/transfers/bulk", body, "Idempotency-Key", key).expect(200);

    List<Integer> statuses =
        StreamSupport.stream(bulk.json().path("results").spliterator(), false)
            .map(result -> result.path("status").asInt())
            .toList();
    assertThat(statuses)
        .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> i % 100 == 99 ? 422 : 201).toList());
    Books books = Books.at(bulk.position(), teller, auditor).agree();
    assertThat(books.balances().get(bob)).isEqualByComparingTo("49.50");
    assertThat(books.transfers()).hasSize(990);
    Answer again = teller.post("/v1/transfers/bulk", body, "Idempotency-Key", key).expect(200);
    assertThat(again.isReplayed()).isTrue();
    assertThat(again.json()).isEqualTo(bulk.json());
  }

  private Answer depositIfMatch(String version) {
    return teller.post(
        "/v1/accounts/%s/deposits".formatted(ada),
        BankClient.movement("1.00"),
        "Idempotency-Key",
        BankClient.newKey(),
        "If-Match",
        version);
  }

  private String newest(Answer mutation, String path, String field) {
    return teller.getAfter(mutation, path).json().at("/items/0/" + field).asString();
  }
}

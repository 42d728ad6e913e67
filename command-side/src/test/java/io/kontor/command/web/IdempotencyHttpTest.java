package io.kontor.command.web;

import static io.kontor.command.web.CommandApiClient.movement;
import static io.kontor.command.web.CommandApiClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.postgres.TestDatabase;
import io.kontor.testsupport.ApiClient.Answer;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"axon.axonserver.enabled=false", "axon.timeout.enabled=false"})
class IdempotencyHttpTest {
  @LocalServerPort private int port;
  @Autowired private TestDatabase database;

  private CommandApiClient teller;
  private String key;
  private JdbcTemplate sql;

  @BeforeEach
  void logIn() {
    teller = CommandApiClient.teller(port, "acme");
    key = UUID.randomUUID().toString();
    sql = new JdbcTemplate(database.worker());
  }

  @Test
  void theSameRequestIsAnsweredAgainAndNotDoneAgain() {
    String from = teller.open("10.00");
    String to = teller.open("0.00");

    var first = teller.post("/v1/transfers", transfer(from, to, "6.00"), key);
    var again = teller.post("/v1/transfers", " " + transfer(from, to, "6.00"), key);

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Idempotent-Replayed")).isNull();
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertSameAnswer(again, first);
    assertThat(balance(from)).isEqualTo("4.00");
  }

  @Test
  void anOpenedAccountIsAnsweredAgain() {
    String body = "{'customer':'cust-42','owner':'Ada Lovelace','currency':'EUR'}";
    var first = teller.post("/v1/accounts", body, key);
    var again = teller.post("/v1/accounts", body, key);

    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertSameAnswer(again, first);
  }

  @Test
  void aCommandThatChangedNothingIsAnsweredAgainToo() {
    String freeze = "/v1/accounts/" + teller.open("0.00") + "/freeze";
    teller.post(freeze, "{'reason':'x'}", null);

    var first = teller.post(freeze, "{'reason':'x'}", key);
    var again = teller.post(freeze, "{'reason':'x'}", key);

    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertSameAnswer(again, first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deposits", "withdrawals", "holds"})
  void whatWasDoneIsAnsweredAgainWhateverTheAccountHasComeToSince(String call) {
    String account = "/v1/accounts/" + teller.open("1.00");
    var first = teller.post(account + "/" + call, movement("1.00"), key);
    teller.post(account + "/freeze", "{'reason':'court order'}", null);

    var again = teller.post(account + "/" + call, movement("1.00"), key);

    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertSameAnswer(again, first);
  }

  @Test
  void aKeyIsForOneRequestOnly() {
    String deposits = "/v1/accounts/" + teller.open("0.00") + "/deposits";
    teller.post(deposits, movement("1.00"), key);

    var other = teller.post(deposits, movement("2.00"), key);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.slug()).isEqualTo("idempotency-key-reuse");
    assertThat(other.header("Idempotent-Replayed")).isNull();
  }

  @Test
  void aKeyIsATenantsOwn() {
    var globex = CommandApiClient.teller(port, "globex");
    teller.post("/v1/accounts/" + teller.open("0.00") + "/deposits", movement("1.00"), key);

    var answer =
        globex.post("/v1/accounts/" + globex.open("0.00") + "/deposits", movement("1.00"), key);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Idempotent-Replayed")).isNull();
  }

  @Test
  void aRefusedRequestIsDecidedAnew() {
    String account = "/v1/accounts/" + teller.open("0.00");
    assertThat(teller.post(account + "/withdrawals", movement("1.00"), key).status())
        .isEqualTo(422);
    teller.post(account + "/deposits", movement("1.00"));

    var again = teller.post(account + "/withdrawals", movement("1.00"), key);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("Idempotent-Replayed")).isNull();
  }

  @Test
  void whatWouldBeRefusedTodayIsAnsweredAsTheFirstTime() {
    String account = "/v1/accounts/" + teller.open("1.00");
    var first = teller.post(account + "/withdrawals", movement("1.00"), key);

    assertSameAnswer(teller.post(account + "/withdrawals", movement("1.00"), key), first);
  }

  @Test
  void ofManyAtOnceOneIsDone() throws Exception {
    String account = teller.open("0.00");
    Callable<Answer> deposit =
        () -> teller.post("/v1/accounts/" + account + "/deposits", movement("1.00"), key);

    List<Future<Answer>> answers;
    try (var clients = Executors.newFixedThreadPool(16)) {
      answers = clients.invokeAll(IntStream.range(0, 64).mapToObj(i -> deposit).toList());
    }

    int done = 0;
    for (var future : answers) {
      var answer = future.resultNow();
      if (answer.status() == 409) {
        assertThat(answer.slug()).isEqualTo("idempotency-in-progress");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
      } else {
        assertThat(answer.status()).isEqualTo(200);
        done += answer.header("Idempotent-Replayed") == null ? 1 : 0;
      }
    }
    assertThat(done).isEqualTo(1);
    assertThat(balance(account)).isEqualTo("1.00");
  }

  @Test
  void aKeyThatIsForgottenIsForANewRequest() {
    String account = "/v1/accounts/" + teller.open("0.00");
    teller.post(account + "/deposits", movement("1.00"), key);
    sql.update("delete from kontor.idempotency where key = ?", key);

    var later = teller.post(account + "/deposits", movement("2.00"), key);

    assertThat(later.status()).isEqualTo(200);
    assertThat(later.header("Idempotent-Replayed")).isNull();
    assertThat(later.json().at("/balance/amount").asString()).isEqualTo("3.00");
  }

  @Test
  void anAnswerOfAnotherReleaseIsGivenAsFarAsItIsUnderstood() {
    String deposits = "/v1/accounts/" + teller.open("0.00") + "/deposits";
    var first = teller.post(deposits, movement("1.00"), key);
    String stored =
        sql.queryForObject(
            "delete from kontor.idempotency where key = ? returning fingerprint",
            String.class,
            key);
    sql.update(
        "insert into kontor.idempotency (tenant_id, key, fingerprint, answer, position)"
            + " values ('acme', ?, ?, ?, 7)",
        key,
        stored,
        "{\"balance\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"since\":\"later\"}");

    var again = teller.post(deposits, movement("1.00"), key);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.json().at("/balance")).isEqualTo(first.json().at("/balance"));
  }

  private String balance(String account) {
    return teller
        .post("/v1/accounts/" + account + "/deposits", movement("1.00"))
        .json()
        .at("/balance/amount")
        .asDecimal()
        .subtract(BigDecimal.ONE)
        .toPlainString();
  }

  private static void assertSameAnswer(Answer actual, Answer expected) {
    assertThat(actual.status()).isEqualTo(expected.status());
    assertThat(actual.http().body()).isEqualTo(expected.http().body());
    for (String name : List.of("Location", "ETag", "Kontor-Position")) {
      assertThat(actual.header(name)).as(name).isEqualTo(expected.header(name));
    }
  }
}

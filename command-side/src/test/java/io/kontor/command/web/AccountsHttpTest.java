package io.kontor.command.web;

import static io.kontor.command.web.CommandApiClient.movement;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountCommand.OpenAccount;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.node.ObjectNode;

@SpringBootTest(
    classes = CommandSideApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"axon.axonserver.enabled=false", "axon.timeout.enabled=false"})
class AccountsHttpTest {
  @LocalServerPort private int port;
  @Autowired private TestClock clock;

  @Autowired private CommandBus commands;

  private CommandApiClient teller;

  @BeforeEach
  void logIn() {
    teller = CommandApiClient.teller(port, "acme");
  }

  @Test
  void anOpenedAccountIsAnsweredWithItsPlaceVersionAndPosition() {
    var opened =
        teller.post(
            "/v1/accounts", "{'customer':'cust-42','owner':'Ada Lovelace','currency':'EUR'}");

    assertThat(opened.status()).isEqualTo(201);
    assertThat(opened.header("Location")).isEqualTo("/v1/accounts/" + opened.text("id"));
    assertThat(opened.header("ETag")).isEqualTo("\"0\"");
    assertThat(Long.parseLong(opened.header("Kontor-Position"))).isPositive();
    assertThat(UUID.fromString(opened.text("id")).version()).isEqualTo(7);
  }

  @AfterEach
  void putTheClockBack() {
    clock.put(Duration.ZERO);
  }

  @Test
  void aHoldThatHasExpiredAlreadyIsNotPlaced() {
    String account = "/v1/accounts/" + teller.open("10.00");

    var late = teller.post(account + "/holds", holdUntil(Instant.parse("2020-01-01T00:00:00Z")));

    assertThat(late.status()).isEqualTo(422);
    assertThat(late.slug()).isEqualTo("hold-expired");
  }

  /** No job releases it here: only the time of the request counts. */
  @Test
  void aHoldIsNotCapturedOnceItHasExpired() {
    String account = "/v1/accounts/" + teller.open("10.00");
    Instant end = Instant.now().plus(Duration.ofHours(1));
    var held = teller.post(account + "/holds", holdUntil(end));
    assertThat(held.status()).isEqualTo(201);
    clock.put(Duration.ofHours(2));

    var late = teller.post(account + "/holds/" + held.text("id") + "/capture", "");

    assertThat(late.status()).isEqualTo(422);
    assertThat(late.slug()).isEqualTo("hold-not-active");
    clock.put(Duration.ZERO);
    assertThat(teller.post(account + "/holds/" + held.text("id") + "/capture", "").status())
        .isEqualTo(200);
  }

  private static String holdUntil(Instant end) {
    return "{'amount':{'amount':'4.00','currency':'EUR'},'reference':'card','expiresAt':'%s'}"
        .formatted(end);
  }

  @Test
  void everyCallOfAnAccountsLifeIsAnswered() {
    String account = "/v1/accounts/" + teller.open("10.00");

    var held = teller.post(account + "/holds", movement("4.00"));
    assertThat(held.status()).isEqualTo(201);
    assertThat(held.json().at("/available/amount").asString()).isEqualTo("6.00");

    var captured = teller.post(account + "/holds/" + held.text("id") + "/capture", "");
    assertThat(captured.status()).isEqualTo(200);
    assertThat(captured.json().at("/balance/amount").asString()).isEqualTo("6.00");

    var second = teller.post(account + "/holds", movement("1.00"));
    var released = teller.post(account + "/holds/" + second.text("id") + "/release", "");
    assertThat(released.json().at("/available/amount").asString()).isEqualTo("6.00");

    assertThat(teller.post(account + "/freeze", "{'reason':'court order'}").status())
        .isEqualTo(200);
    var frozen = teller.post(account + "/withdrawals", movement("6.00"));
    assertThat(frozen.status()).isEqualTo(422);
    assertThat(frozen.slug()).isEqualTo("account-frozen");
    assertThat(teller.post(account + "/unfreeze", "{'reason':'lifted'}").status()).isEqualTo(200);

    var limit =
        teller.put(
            account + "/overdraft-limit", "{'overdraftLimit':{'amount':'5.00','currency':'EUR'}}");
    assertThat(limit.json().at("/available/amount").asString()).isEqualTo("11.00");

    assertThat(teller.post(account + "/close", "").slug()).isEqualTo("account-not-empty");
    assertThat(teller.post(account + "/withdrawals", movement("6.00")).status()).isEqualTo(200);
    var closed = teller.post(account + "/close", "");
    assertThat(closed.status()).isEqualTo(200);
    assertThat(closed.header("ETag")).isEqualTo("\"" + closed.text("version") + "\"");
  }

  @Test
  void aMutationOnAnotherVersionFailsItsPrecondition() {
    String deposits = "/v1/accounts/" + teller.open("10.00") + "/deposits";

    var stale = teller.post(deposits, movement("1.00"), "v-1", "If-Match", "\"0\"");
    assertThat(stale.status()).isEqualTo(412);
    var current = teller.post(deposits, movement("1.00"), "v-2", "If-Match", "\"1\"");
    assertThat(current.header("ETag")).isEqualTo("\"2\"");
    assertThat(teller.post(deposits, movement("1.00"), "v-3", "If-Match", "2").status())
        .isEqualTo(400);
  }

  @Test
  void anotherTenantsAccountAnUnknownOneAndAnImpossibleOneAreAnsweredAlike() {
    String foreign = CommandApiClient.teller(port, "globex").open("10.00");

    var answers =
        Stream.of(foreign, UUID.randomUUID().toString(), "1-1-1-1-1")
            .map(id -> teller.post("/v1/accounts/" + id + "/deposits", movement("1.00")))
            .map(AccountsHttpTest::withoutPathAndTime)
            .distinct();
    assertThat(answers).singleElement().asString().startsWith("404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deposits", "withdrawals", "holds"})
  void movingMoneyTakesAnIdempotencyKey(String call) {
    String path = "/v1/accounts/" + teller.open("10.00") + "/" + call;

    var answer = teller.post(path, movement("1.00"), null);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.pointer()).isEqualTo("Idempotency-Key");
    assertThat(teller.post(path, movement("1.00"), "x".repeat(256)).status()).isEqualTo(400);
    assertThat(teller.post(path, movement("1.00"), call + "x".repeat(255 - call.length())).status())
        .isLessThan(300);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/deposits | {'amount':{'amount':'0.00','currency':'EUR'},'reference':'x'} | /amount",
        "/deposits | {'amount':{'amount':'-1.00','currency':'EUR'},'reference':'x'} | /amount",
        "/deposits | {'amount':{'amount':'1.0','currency':'EUR'},'reference':'x'} | /amount",
        "/deposits | {'amount':{'amount':1.00,'currency':'EUR'},'reference':'x'} | /amount/amount",
        "/deposits | {'amount':{'amount':'1.00','currency':'XXX'},'reference':'x'} | /amount",
        "/deposits | {'amount':{'amount':'1.00','currency':'EUR'}} | /reference",
        "/deposits | {'reference':'x'} | /amount",
        "/deposits | {'amount':null,'reference':'x'} | /amount",
        "/holds | {'amount':{'amount':'1.00','currency':'EUR'},'reference':'x','a':1} | /a",
        "/holds | {'amount':{'amount':'1.00','currency':'EUR'},'reference':'x','expiresAt':'soon'}"
            + " | /expiresAt",
        "/freeze | {'reason':' '} | /reason",
        "/freeze | {'reason':7} | /reason",
      })
  void whatCannotBeMeantIsNamed(String call, String body, String pointer) {
    var answer = teller.post("/v1/accounts/" + teller.open("0.00") + call, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.pointer()).startsWith(pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'customer':'','owner':'Ada','currency':'EUR'} | /customer",
        "{'customer':'c','owner':'Ada','currency':'eur'} | /currency",
        "{'customer':'c','owner':'Ada','currency':'XAU'} | /currency",
        "{'customer':'c','owner':'Ada','currency':'EUR',"
            + "'overdraftLimit':{'amount':'-1.00','currency':'EUR'}} | /overdraftLimit",
        "{'customer':'c','owner':'Ada','currency':'EUR',"
            + "'overdraftLimit':{'amount':'1.00','currency':'USD'}} | /overdraftLimit",
      })
  void anAccountThatCannotBeMeantIsNotOpened(String body, String pointer) {
    var answer = teller.post("/v1/accounts", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.pointer()).isEqualTo(pointer);
  }

  /** Accounts that were opened before the currency left the ISO 4217 list. */
  @Test
  void anAccountInACurrencyThatIsGoneCanBeEmptiedAndClosedAndNothingElse() {
    var id = new AccountId(new TenantId("acme"), IdGenerator.next());
    var marks = Money.currencyOf("DEM");
    var owner = SealedText.inTheClear("cust-42", "Ada Lovelace");
    decided(new OpenAccount(id, "cust-42", owner, marks, Money.zero(marks)));
    decided(new Deposit(id, IdGenerator.next(), Money.of("10.00", "DEM"), "before the euro"));
    String account = "/v1/accounts/" + id.uuid();
    String one = movement("1.00").replace("EUR", "DEM");
    String ten = movement("10.00").replace("EUR", "DEM");

    assertThat(teller.post(account + "/deposits", one).status()).isEqualTo(400);
    assertThat(teller.post(account + "/holds", one).status()).isEqualTo(400);
    assertThat(teller.post(account + "/withdrawals", movement("1.00")).slug())
        .isEqualTo("currency-mismatch");
    assertThat(teller.post(account + "/withdrawals", ten).status()).isEqualTo(200);
    assertThat(teller.post(account + "/close", "").status()).isEqualTo(200);
  }

  private void decided(AccountCommand command) {
    TenantContext.run(
        command.account().tenant(),
        () -> {
          var callback = new FutureCallback<Object, Object>();
          commands.dispatch(new GenericCommandMessage<>(command), callback);
          assertThat(callback.getResult().isExceptional()).isFalse();
        });
  }

  private static String withoutPathAndTime(Answer answer) {
    var headers = new TreeMap<>(answer.http().headers().map());
    headers.keySet().removeAll(Set.of("date", "kontor-correlation-id", "traceparent"));
    headers.remove("content-length");
    var body = (ObjectNode) answer.json();
    body.remove("instance");
    return answer.status() + " " + headers + " " + body;
  }
}

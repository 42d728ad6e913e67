package io.kontor.app;

import static io.kontor.simulator.SimulatedCall.INQUIRE_PAYMENT;
import static io.kontor.simulator.SimulatedCall.SETTLE_PAYMENT;
import static io.kontor.simulator.SimulatedCall.SUBMIT_PAYMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.FaultRules;
import io.kontor.simulator.InjectedFault;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Payments over HTTP with a clearing house over HTTP. After any failure the payment, the account
 * and the ledger agree in the end.
 */
@Timeout(120)
class PaymentsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private final BankFixture bank = BankFixture.running();
  private final CounterpartySimulator outside =
      bank.part("counterparty", CounterpartySimulator.class);
  private final FaultRules faults = outside.faults();
  private final String tenant = bank.newTenant();
  private final BankClient teller = bank.teller(tenant);
  private String account;

  @BeforeEach
  void openAnAccount() {
    faults.none();
    account = teller.openAccount();
    teller.deposit(account, "100.00").expect(200);
  }

  @AfterEach
  void mend() {
    faults.none();
  }

  static Stream<Arguments> whatGoesWrong() {
    return Stream.of(
        happens("nothing goes wrong", _ -> {}, "SETTLED"),
        happens("refused", f -> f.next(1, SUBMIT_PAYMENT, InjectedFault.REFUSE), "REJECTED"),
        happens(
            "failing for a while", f -> f.next(3, SUBMIT_PAYMENT, InjectedFault.FAIL), "SETTLED"),
        happens("timing out", f -> f.next(1, SUBMIT_PAYMENT, InjectedFault.SLOW), "SETTLED"),
        happens(
            "losing its answer",
            f -> f.next(2, SUBMIT_PAYMENT, InjectedFault.LOSE_ANSWER),
            "SETTLED"),
        happens(
            "losing the answer that it refuses",
            f ->
                f.next(1, SUBMIT_PAYMENT, InjectedFault.REFUSE)
                    .next(1, SUBMIT_PAYMENT, InjectedFault.LOSE_ANSWER),
            "REJECTED"),
        happens("rejected later", f -> f.next(1, SETTLE_PAYMENT, InjectedFault.REJECT), "REJECTED"),
        happens("answered twice", f -> f.next(1, SETTLE_PAYMENT, InjectedFault.TWICE), "SETTLED"),
        happens(
            "rejected twice",
            f ->
                f.next(1, SETTLE_PAYMENT, InjectedFault.REJECT)
                    .next(1, SETTLE_PAYMENT, InjectedFault.TWICE),
            "REJECTED"),
        happens("answered late", f -> f.next(1, SETTLE_PAYMENT, InjectedFault.SLOW), "SETTLED"),
        happens("silence", f -> f.next(1, SETTLE_PAYMENT, InjectedFault.SILENCE), "SETTLED"),
        happens(
            "silence, then no answer to the inquiry for a while",
            f ->
                f.next(1, SETTLE_PAYMENT, InjectedFault.SILENCE)
                    .next(1, INQUIRE_PAYMENT, InjectedFault.FAIL)
                    .next(1, INQUIRE_PAYMENT, InjectedFault.LOSE_ANSWER),
            "SETTLED"),
        happens(
            "silence about a rejection",
            f ->
                f.next(1, SETTLE_PAYMENT, InjectedFault.REJECT)
                    .next(1, SETTLE_PAYMENT, InjectedFault.SILENCE),
            "REJECTED"),
        happens(
            "returned after its settlement",
            f -> f.next(1, SETTLE_PAYMENT, InjectedFault.RETURN),
            "RETURNED"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("whatGoesWrong")
  void thePaymentEndsWhereItHasTo(String name, Consumer<FaultRules> wrong, String end) {
    wrong.accept(faults);
    String payment = teller.pay(account, "10.00").expect(202).text("id");
    JsonNode ended = atTheEnd(payment, end);
    assertThat(ended.path("needsAttention").asBoolean()).isFalse();
    assertThat(ended.path("reason").isMissingNode()).isEqualTo(end.equals("SETTLED"));
    assertThat(outside.payments().get(payment)).isIn(end, end.replace("REJECTED", "REFUSED"));
    assertMoney(end.equals("SETTLED") ? "90.00" : "100.00", "0.00");
    assertThat(postings())
        .isEqualTo(
            switch (end) {
              case "SETTLED" -> List.of("CAPTURE", "DEPOSIT");
              case "RETURNED" -> List.of("RETURN", "CAPTURE", "DEPOSIT");
              default -> List.of("DEPOSIT");
            });
    assertTheBooksAgree();
  }

  @Test
  void whoPrefersToWaitIsAnsweredWithTheEnd() {
    Answer settled =
        teller
            .post(
                "/v1/payments",
                BankClient.paymentBody(account, "10.00"),
                "Idempotency-Key",
                BankClient.newKey(),
                "Prefer",
                "wait=20")
            .expect(200);
    assertThat(settled.header("Preference-Applied")).isEqualTo("wait=20");
    assertThat(settled.text("status")).isEqualTo("SETTLED");
    assertThat(settled.json().path("creditor").path("iban").asString())
        .isEqualTo("DE89370400440532013000");
    assertThat(settled.json().path("history").get(0).path("status").asString())
        .isEqualTo("REQUESTED");
    assertMoney("90.00", "0.00");
  }

  @Test
  void aPaymentWithoutTheMoneyIsRejectedAndNobodyElseHearsOfIt() {
    String payment = teller.pay(account, "100.01").expect(202).text("id");
    JsonNode rejected = atTheEnd(payment, "REJECTED");
    assertThat(rejected.path("reason").asString()).contains("100.00 EUR are available");
    assertThat(outside.payments()).doesNotContainKey(payment);
    assertMoney("100.00", "0.00");
  }

  @Test
  void aClearingHouseThatFailsForGoodLeavesThePaymentToAPersonWhoTriesAgain() {
    faults.always(SUBMIT_PAYMENT, InjectedFault.FAIL);
    String payment = teller.pay(account, "10.00").expect(202).text("id");
    JsonNode waiting = untilAPersonIsNeeded(payment);
    assertThat(waiting.path("status").asString()).isEqualTo("REQUESTED");
    assertThat(waiting.path("reason").asString()).contains("it was not submitted");
    assertThat(teller.list("/v1/payments?needsAttention=true")).hasSize(1);
    assertMoney("100.00", "10.00");
    faults.none();
    teller.post("/v1/payments/%s/retry".formatted(payment), "").expect(202);
    atTheEnd(payment, "SETTLED");
    assertMoney("90.00", "0.00");
    assertThat(teller.post("/v1/payments/%s/retry".formatted(payment), "").expect(409).slug())
        .isEqualTo("payment-not-waiting");
  }

  @Test
  void whatNobodyTellsIsFoundOutByAPerson() {
    faults.always(SETTLE_PAYMENT, InjectedFault.STUCK);
    String payment = teller.pay(account, "10.00").expect(202).text("id");
    JsonNode waiting = untilAPersonIsNeeded(payment);
    assertThat(waiting.path("status").asString()).isEqualTo("SUBMITTED");
    assertThat(waiting.path("reason").asString()).contains("does not say what becomes of it");
    String found = "{'outcome':'REJECTED','reason':'their operations desk, by phone'}";
    teller.post("/v1/payments/%s/resolve".formatted(payment), found).expect(202);
    assertThat(atTheEnd(payment, "REJECTED").path("reason").asString()).contains("by phone");
    assertMoney("100.00", "0.00");
  }

  @Test
  void aFrozenAccountCanNotFollowUntilAPersonHasUnfrozenIt() {
    faults.next(1, SETTLE_PAYMENT, InjectedFault.SLOW);
    String payment = teller.pay(account, "10.00").expect(202).text("id");
    await().atMost(TIMEOUT).until(() -> status(payment).equals("SUBMITTED"));
    teller.freeze(account).expect(200);
    assertThat(untilAPersonIsNeeded(payment).path("reason").asString()).contains("is frozen");
    assertMoney("100.00", "10.00");
    teller.post("/v1/accounts/%s/unfreeze".formatted(account), "{'reason':'lifted'}").expect(200);
    teller.post("/v1/payments/%s/retry".formatted(payment), "").expect(202);
    atTheEnd(payment, "SETTLED");
    assertMoney("90.00", "0.00");
  }

  @Test
  void aMessageIsTakenOnceAndOnlyFromTheClearingHouseOfTheTenant() {
    faults.always(SETTLE_PAYMENT, InjectedFault.STUCK);
    String payment = teller.pay(account, "10.00").expect(202).text("id");
    await().atMost(TIMEOUT).until(() -> status(payment).equals("SUBMITTED"));
    String settled = notification("m-1", payment, "SETTLED");
    BankClient clearing = bank.clearing(tenant);
    assertThat(notify(teller, settled).status()).isEqualTo(403);
    assertThat(notify(bank.clearing(bank.newTenant()), settled).status()).isEqualTo(404);
    assertThat(notify(clearing, settled).expect(200).isReplayed()).isFalse();
    assertThat(notify(clearing, settled).expect(200).isReplayed()).isTrue();
    assertThat(notify(clearing, notification("m-1", payment, "REJECTED")).expect(422).slug())
        .isEqualTo("idempotency-key-reuse");
    assertThat(
            notify(clearing, notification("m-2", UUID.randomUUID().toString(), "SETTLED")).status())
        .isEqualTo(404);
    atTheEnd(payment, "SETTLED");
    notify(clearing, notification("m-3", payment, "SETTLED")).expect(200);
    notify(clearing, notification("m-4", payment, "RETURNED")).expect(200);
    atTheEnd(payment, "RETURNED");
    assertMoney("100.00", "0.00");
    assertTheBooksAgree();
  }

  @Test
  void aCustomerPaysFromItsOwnAccountAndSeesItsOwnPayments() {
    BankClient owner = bank.customer(tenant, "cust-42");
    BankClient stranger = bank.customer(tenant, "mallory");
    String payment = owner.pay(account, "1.00").expect(202).text("id");
    atTheEnd(payment, "SETTLED");
    owner.get("/v1/payments/" + payment).expect(200);
    assertThat(owner.list("/v1/payments?status=SETTLED&account=" + account)).hasSize(1);
    stranger.pay(account, "1.00").expect(404);
    stranger.get("/v1/payments/" + payment).expect(404);
    stranger.get("/v1/payments?account=" + account).expect(404);
    assertThat(stranger.list("/v1/payments")).isEmpty();
  }

  @Test
  void aPaymentThatIsSentAgainIsTheSamePayment() {
    String key = BankClient.newKey();
    String body = BankClient.paymentBody(account, "10.00");
    Answer first = teller.post("/v1/payments", body, "Idempotency-Key", key).expect(202);
    Answer again = teller.post("/v1/payments", body, "Idempotency-Key", key).expect(202);
    assertThat(again.isReplayed()).isTrue();
    assertThat(again.text("id")).isEqualTo(first.text("id"));
    atTheEnd(first.text("id"), "SETTLED");
    assertMoney("90.00", "0.00");
  }

  @ParameterizedTest
  @CsvSource({
    "DE89370400440532013001",
    "DE8937040044053201300",
    "DE893704004405320130000",
    "XX89370400440532013000",
    "de89370400440532013000",
    "DE89 3704 0044 0532 0130 00",
    "''"
  })
  void whatIsNoIbanIsRefused(String iban) {
    String body = BankClient.paymentBody(account, "1.00").replace("DE89370400440532013000", iban);
    Answer refused = teller.post("/v1/payments", body).expect(400);
    assertThat(refused.json().path("errors").get(0).path("pointer").asString())
        .isEqualTo("/creditor/iban");
  }

  @Test
  void aPaymentInAnotherCurrencyThanTheAccountsIsRefused() {
    String dollars = teller.openAccount("cust-42", "USD");
    assertThat(teller.pay(dollars, "1.00").expect(422).slug()).isEqualTo("currency-mismatch");
  }

  private static Arguments happens(String name, Consumer<FaultRules> wrong, String end) {
    return Arguments.of(name, wrong, end);
  }

  private static String notification(String message, String payment, String state) {
    return "{'messageId':'%s','reference':'%s','state':'%s'}".formatted(message, payment, state);
  }

  private static Answer notify(BankClient caller, String notification) {
    return caller.send("POST", "/v1/clearing/notifications", notification);
  }

  private JsonNode atTheEnd(String payment, String status) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              JsonNode now = read(payment);
              assertThat(now.path("status").asString()).as(now.toString()).isEqualTo(status);
            });
    return read(payment);
  }

  private JsonNode untilAPersonIsNeeded(String payment) {
    await().atMost(TIMEOUT).until(() -> read(payment).path("needsAttention").asBoolean());
    return read(payment);
  }

  private String status(String payment) {
    return read(payment).path("status").asString();
  }

  private JsonNode read(String payment) {
    return teller.get("/v1/payments/" + payment, "Kontor-Min-Position", "0").json();
  }

  private void assertMoney(String balance, String held) {
    await()
        .untilAsserted(
            () -> {
              Answer now = teller.get("/v1/accounts/" + account).expect(200);
              assertThat(now.amount("balance")).isEqualTo(balance);
              assertThat(now.amount("held")).isEqualTo(held);
            });
  }

  private List<String> postings() {
    return teller.list("/v1/accounts/%s/postings".formatted(account)).stream()
        .map(posting -> posting.path("kind").asString())
        .toList();
  }

  private void assertTheBooksAgree() {
    BankClient auditor = bank.auditor(tenant);
    long position = teller.open("cust-42", "EUR").position();
    Books.at(position, teller, auditor).agree();
  }
}

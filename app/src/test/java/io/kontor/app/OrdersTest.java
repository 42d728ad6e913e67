package io.kontor.app;

import static io.kontor.simulator.SimulatedCall.BOOK_SHIPMENT;
import static io.kontor.simulator.SimulatedCall.CANCEL_SHIPMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.FaultRules;
import io.kontor.simulator.InjectedFault;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import tools.jackson.databind.JsonNode;

/**
 * Orders over HTTP with a carrier over HTTP. After any failure the order, the hold, the stock and
 * the shipment agree in the end.
 */
@Timeout(120)
class OrdersTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private final BankFixture bank = BankFixture.running();
  private final CounterpartySimulator outside =
      bank.part("counterparty", CounterpartySimulator.class);
  private final FaultRules faults = outside.faults();
  private final String tenant = bank.newTenant();
  private final BankClient teller = bank.teller(tenant);
  private final BankClient admin = bank.admin(tenant);
  private String account;

  @BeforeEach
  void stockUp() {
    account = teller.openAccount();
    teller.deposit(account, "100.00").expect(200);
    teller.offer("MUG-1", "10.00", 5);
  }

  @AfterEach
  void mend() {
    faults.none();
  }

  @Test
  void anOrderIsPaidReservedShippedAndConfirmed() {
    Answer order = teller.orderAndWait(account, "MUG-1", 2);
    assertThat(order.text("status")).isEqualTo("CONFIRMED");
    assertThat(order.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(order.amount("total")).isEqualTo("20.00");
    JsonNode done = atTheEnd(order.text("id"), "CONFIRMED");
    assertThat(done.path("shipment").path("tracking").asString()).startsWith("TRK-");
    assertThat(steps(done))
        .containsExactly(
            "PLACEMENT DONE",
            "PAYMENT DONE",
            "RESERVATION DONE",
            "SHIPPING DONE",
            "CAPTURE DONE",
            "CONFIRMATION DONE",
            "HANDOVER DONE");
    assertSold(done, 2, "80.00");
    assertThat(admin.get("/v1/admin/sagas/" + order.text("id")).status()).isEqualTo(404);
  }

  @Test
  void anOrderWithoutTheMoneyIsCancelled() {
    Answer order = teller.orderAndWait(account, "MUG-1", 11);
    assertThat(order.text("status")).isEqualTo("CANCELLED");
    assertThat(steps(order.json()))
        .containsSubsequence("PLACEMENT DONE", "PAYMENT FAILED", "CANCELLATION DONE");
    assertNothingHappened(order.json());
  }

  @Test
  void anOrderOfMoreThanThereIsGetsItsMoneyBack() {
    Answer order = teller.orderAndWait(account, "MUG-1", 6);
    assertThat(order.text("status")).isEqualTo("CANCELLED");
    assertThat(steps(order.json()))
        .containsSubsequence("PAYMENT DONE", "RESERVATION FAILED", "PAYMENT UNDONE");
    assertThat(order.json().path("payment").path("status").asString()).isEqualTo("RELEASED");
    assertNothingHappened(order.json());
  }

  @Test
  void anOrderThatTheCarrierRefusesIsUndoneFromTheLastStepToTheFirst() {
    faults.next(1, BOOK_SHIPMENT, InjectedFault.REFUSE);
    Answer order = teller.orderAndWait(account, "MUG-1", 2);
    assertThat(order.text("status")).isEqualTo("CANCELLED");
    assertThat(steps(order.json()))
        .containsSubsequence(
            "SHIPPING FAILED",
            "SHIPPING UNDONE",
            "RESERVATION UNDONE",
            "PAYMENT UNDONE",
            "CANCELLATION DONE");
    assertNothingHappened(order.json());
  }

  @ParameterizedTest
  @EnumSource(
      value = InjectedFault.class,
      mode = Mode.INCLUDE,
      names = {"SLOW", "FAIL", "LOSE_ANSWER"})
  void aCarrierThatFailsForAWhileOnlyDelaysTheOrder(InjectedFault fault) {
    faults.next(1, BOOK_SHIPMENT, fault);
    Answer order = teller.order(account, "MUG-1", 2);
    assertSold(atTheEnd(order.text("id"), "CONFIRMED"), 2, "80.00");
  }

  @Test
  void anOpenCircuitDelaysOrdersAndCancelsNone() {
    faults.next(12, BOOK_SHIPMENT, InjectedFault.FAIL);
    List<String> orders =
        IntStream.range(0, 5).mapToObj(_ -> teller.order(account, "MUG-1", 1).text("id")).toList();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(admin.list("/v1/admin/sagas").toString())
                    .contains("too many calls to carrier failed lately"));
    orders.forEach(order -> atTheEnd(order, "CONFIRMED"));
    assertSold(read(orders.getFirst()), 5, "50.00");
  }

  @Test
  void aPersonIsAskedWhenTheCarrierWontCancelAndTheOrderGoesOnAsTheySay() {
    String order = stuckInCompensation();
    JsonNode process = admin.get("/v1/admin/sagas/" + order).expect(200).json();
    assertThat(process.path("step").asString()).isEqualTo("SHIPPING");
    assertThat(process.path("waitingFor").asString()).isEqualTo("a person");
    assertThat(process.path("lastError").asString()).contains("on its way");
    assertThat(admin.list("/v1/admin/sagas?state=NEEDS_ATTENTION")).hasSize(1);
    assertThat(
            bank.operator()
                .get("/actuator/metrics/kontor.orders.stuck")
                .expect(200)
                .json()
                .path("measurements")
                .get(0)
                .path("value")
                .asInt())
        .isPositive();
    faults.none();
    admin.post("/v1/admin/sagas/%s/retry".formatted(order), "").expect(202);
    assertNothingHappened(atTheEnd(order, "CANCELLED"), "FROZEN");
  }

  @Test
  void aPersonMaySettleWhatCouldNotBeUndone() {
    String order = stuckInCompensation();
    admin.post("/v1/admin/sagas/%s/compensate".formatted(order), "").expect(202);
    JsonNode cancelled = atTheEnd(order, "CANCELLED");
    assertThat(steps(cancelled))
        .containsSubsequence(
            "SHIPPING NEEDS_ATTENTION", "SHIPPING SETTLED_BY_HAND", "RESERVATION UNDONE");
    assertThat(admin.post("/v1/admin/sagas/%s/retry".formatted(order), "").expect(409).slug())
        .isEqualTo("nothing-to-resume");
  }

  @Test
  void ofFiftyBuyersOfTheLastItemOneGetsIt() throws Exception {
    teller.offer("LAST-1", "1.00", 1);
    List<Callable<Answer>> buyers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      buyers.add(() -> teller.orderAndWait(account, "LAST-1", 1));
    }
    List<String> ends = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> order : threads.invokeAll(buyers)) {
        ends.add(order.get().text("status"));
      }
    }
    assertThat(ends).hasSize(50).containsOnlyOnce("CONFIRMED");
    assertThat(ends).allMatch(end -> end.equals("CONFIRMED") || end.equals("CANCELLED"));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              JsonNode last = teller.get("/v1/products/LAST-1").expect(200).json();
              assertThat(last.path("onHand").asInt()).isZero();
              assertThat(last.path("reserved").asInt()).isZero();
            });
    JsonNode paid = teller.get("/v1/accounts/" + account).expect(200).json();
    assertThat(paid.path("balance").path("amount").asString()).isEqualTo("99.00");
    assertThat(paid.path("held").path("amount").asString()).isEqualTo("0.00");
  }

  @Test
  void aCancellationThatRacesWithTheConfirmationEndsInExactlyOneOfBoth() throws Exception {
    teller.offer("RACE-1", "1.00", 20);
    List<Callable<Answer>> cancelled = new ArrayList<>();
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String order = teller.order(account, "RACE-1", 1).text("id");
      int pause = 6 * i;
      orders.add(order);
      cancelled.add(
          () -> {
            await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
            return teller.post("/v1/orders/%s/cancel".formatted(order), "{'reason':'too many'}");
          });
    }
    int sold = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = threads.invokeAll(cancelled);
      for (int i = 0; i < orders.size(); i++) {
        Answer answer = answers.get(i).get();
        if (answer.status() == 202) {
          atTheEnd(orders.get(i), "CANCELLED");
        } else {
          assertThat(answer.expect(409).slug()).isEqualTo("order-confirmed");
          atTheEnd(orders.get(i), "CONFIRMED");
          sold++;
        }
      }
    }
    JsonNode left = teller.get("/v1/products/RACE-1").expect(200).json();
    assertThat(left.path("onHand").asInt()).isEqualTo(20 - sold);
    assertThat(left.path("reserved").asInt()).isZero();
    JsonNode paid = teller.get("/v1/accounts/" + account).expect(200).json();
    assertThat(paid.path("balance").path("amount").asString()).isEqualTo((100 - sold) + ".00");
    assertThat(paid.path("held").path("amount").asString()).isEqualTo("0.00");
  }

  @Test
  void aCustomerOrdersFromItsOwnAccountAndSeesItsOwnOrders() {
    BankClient owner = bank.customer(tenant, "cust-42");
    BankClient stranger = bank.customer(tenant, "mallory");
    String order = owner.orderAndWait(account, "MUG-1", 1).text("id");
    owner.get("/v1/orders/" + order).expect(200);
    stranger.get("/v1/orders/" + order).expect(404);
    stranger.post("/v1/orders", BankClient.orderBody(account, "MUG-1", 1)).expect(404);
    stranger.post("/v1/orders/%s/cancel".formatted(order), "{'reason':'not mine'}").expect(404);
  }

  @Test
  void anOrderThatIsSentAgainIsTheSameOrder() {
    String key = BankClient.newKey();
    String body = BankClient.orderBody(account, "MUG-1", 1);
    Answer first = teller.post("/v1/orders", body, "Idempotency-Key", key).expect(202);
    Answer again = teller.post("/v1/orders", body, "Idempotency-Key", key).expect(202);
    assertThat(again.isReplayed()).isTrue();
    assertThat(again.text("id")).isEqualTo(first.text("id"));
    assertSold(atTheEnd(first.text("id"), "CONFIRMED"), 1, "90.00");
  }

  @Test
  void anOrderInAnotherCurrencyThanTheAccountsIsRefused() {
    String dollars = teller.openAccount("cust-42", "USD");
    Answer refused = teller.post("/v1/orders", BankClient.orderBody(dollars, "MUG-1", 1));
    assertThat(refused.expect(422).slug()).isEqualTo("currency-mismatch");
    assertThat(teller.post("/v1/orders", BankClient.orderBody(account, "NONE", 1)).status())
        .isEqualTo(404);
  }

  /** The account is frozen while the carrier is slow, and then the carrier refuses to cancel. */
  private String stuckInCompensation() {
    faults.next(1, BOOK_SHIPMENT, InjectedFault.SLOW).always(CANCEL_SHIPMENT, InjectedFault.REFUSE);
    Answer placed = teller.order(account, "MUG-1", 2);
    String order = placed.text("id");
    teller.getAfter(placed, "/v1/orders/" + order).expect(200);
    await()
        .atMost(TIMEOUT)
        .until(() -> read(order).path("reservation").path("status").asString().equals("RESERVED"));
    teller.freeze(account).expect(200);
    atTheEnd(order, "NEEDS_ATTENTION");
    return order;
  }

  private JsonNode atTheEnd(String order, String status) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              Answer answer = teller.get("/v1/orders/" + order);
              assertThat(answer.status()).isEqualTo(200);
              JsonNode now = answer.json();
              assertThat(now.path("status").asString()).as(now.toString()).isEqualTo(status);
              if (status.equals("CONFIRMED")) {
                assertThat(now.path("reservation").path("status").asString()).isEqualTo("SHIPPED");
              }
            });
    return read(order);
  }

  private JsonNode read(String order) {
    return teller.get("/v1/orders/" + order).expect(200).json();
  }

  private void assertSold(JsonNode order, int quantity, String balance) {
    assertThat(order.path("payment").path("status").asString()).isEqualTo("CAPTURED");
    assertThat(shipmentAtTheCarrier(order)).isEqualTo("BOOKED");
    JsonNode mugs = teller.get("/v1/products/MUG-1").expect(200).json();
    assertThat(mugs.path("onHand").asInt()).isEqualTo(5 - quantity);
    assertThat(mugs.path("reserved").asInt()).isZero();
    JsonNode paid = teller.get("/v1/accounts/" + account).expect(200).json();
    assertThat(paid.path("balance").path("amount").asString()).isEqualTo(balance);
    assertThat(paid.path("held").path("amount").asString()).isEqualTo("0.00");
  }

  private void assertNothingHappened(JsonNode order) {
    assertNothingHappened(order, "OPEN");
  }

  private void assertNothingHappened(JsonNode order, String accountStatus) {
    assertThat(shipmentAtTheCarrier(order)).isIn(null, "CANCELLED", "REFUSED");
    JsonNode mugs = teller.get("/v1/products/MUG-1").expect(200).json();
    assertThat(mugs.path("available").asInt()).isEqualTo(5);
    JsonNode unpaid = teller.get("/v1/accounts/" + account).expect(200).json();
    assertThat(unpaid.path("status").asString()).isEqualTo(accountStatus);
    assertThat(unpaid.path("balance").path("amount").asString()).isEqualTo("100.00");
    assertThat(unpaid.path("available").path("amount").asString()).isEqualTo("100.00");
  }

  private String shipmentAtTheCarrier(JsonNode order) {
    return outside.shipments().get(order.path("shipment").path("id").asString());
  }

  private static List<String> steps(JsonNode order) {
    List<String> steps = new ArrayList<>();
    order
        .path("timeline")
        .forEach(
            happened ->
                steps.add(
                    happened.path("step").asString() + " " + happened.path("outcome").asString()));
    return steps;
  }
}

package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.InjectedFault;
import io.kontor.simulator.SimulatedCall;
import io.kontor.simulator.SimulatorSettings;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Orders and payments from concurrent clients while the counterparties fail and the bank is killed,
 * frozen and cut off from its database: in the end every order and payment is finished, and
 * balances and stock match the outcomes.
 *
 * <p>Small by itself; large with {@code -Dkontor.adversity.each=2000 -Dkontor.adversity.kills=3
 * -Dkontor.adversity.freezes=3 -Dkontor.adversity.stalls=3}.
 */
@Tag("system")
class AdversityTest {
  private static final int EACH = Integer.getInteger("kontor.adversity.each", 40);
  private static final int KILLS = Integer.getInteger("kontor.adversity.kills", 1);
  private static final int FREEZES = Integer.getInteger("kontor.adversity.freezes", 1);
  private static final int STALLS = Integer.getInteger("kontor.adversity.stalls", 1);
  private static final int FAULT_PERCENT = Integer.getInteger("kontor.adversity.percent", 10);
  private static final int CLIENTS = Integer.getInteger("kontor.adversity.clients", 16);
  private static final int ACCOUNTS = 8;
  private static final int STOCK = 10 * EACH;
  private static final Duration UNTIL_ALL_ENDED =
      Duration.ofSeconds(Integer.getInteger("kontor.adversity.seconds", 180));

  private enum BankFault {
    KILL,
    FREEZE,
    STALL_THE_DATABASE
  }

  private static final Set<String> ENDS_OF_ORDERS =
      Set.of("CONFIRMED", "CANCELLED", "NEEDS_ATTENTION");
  private static final Set<String> ENDS_OF_PAYMENTS = Set.of("SETTLED", "RETURNED", "REJECTED");

  /** Short enough for a test. */
  private static final Map<String, String> HASTE =
      Map.of(
          "KONTOR_CLEARING_FIRST_RETRY", "200ms",
          "KONTOR_CLEARING_LONGEST_RETRY", "2s",
          "KONTOR_CLEARING_SUBMIT_WITHIN", "30s",
          "KONTOR_CLEARING_ANSWER_WITHIN", "3s",
          "KONTOR_CLEARING_GIVE_UP_AFTER", "10s",
          "KONTOR_CARRIER_FIRST_RETRY", "200ms",
          "KONTOR_CARRIER_LONGEST_RETRY", "2s",
          "KONTOR_ORDERS_UNDO_TIME", "30s");

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final AtomicInteger answered = new AtomicInteger();
  private final Instant began = Instant.now();
  private List<Wish> all = List.of();
  private List<String> accounts = List.of();
  private volatile @Nullable BankProcess bank;
  private volatile @Nullable BankClient teller;
  @TempDir private Path folder;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(folder);
  }

  @Test
  void whateverGoesWrongEverythingEndsAndNothingIsLost() throws Exception {
    System.out.printf("-Dkontor.seed=%d: %d orders, %d payments%n", seed, EACH, EACH);
    var settings =
        new SimulatorSettings(
            0, Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(3), seed);
    try (var outside = CounterpartySimulator.start(settings)) {
      start(outside);
      prepare();
      letThingsGoWrong(outside);
      all = wishes();
      var open = new ConcurrentLinkedQueue<>(all);
      try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> working = sendAll(open, clients);
        List<BankFault> faults = bankFaults();
        for (int next = 1; next <= faults.size(); next++) {
          int enough = next * 2 * EACH / (faults.size() + 1);
          await().atMost(UNTIL_ALL_ENDED).until(() -> answered.get() >= enough);
          inject(faults.get(next - 1), outside);
        }
        for (Future<?> client : working) {
          client.get();
        }
      }
      await().atMost(UNTIL_ALL_ENDED).until(running()::isHealthy);
      System.out.printf("%d wishes answered, %d s%n", answered.get(), seconds());
      awaitTheEnd(outside);
      outside.notify(null);
      assertAllIsWhereItBelongs(outside);
    } finally {
      if (bank != null) {
        bank.close();
      }
    }
  }

  private List<BankFault> bankFaults() {
    List<BankFault> faults = new ArrayList<>();
    faults.addAll(Collections.nCopies(KILLS, BankFault.KILL));
    faults.addAll(Collections.nCopies(FREEZES, BankFault.FREEZE));
    faults.addAll(Collections.nCopies(STALLS, BankFault.STALL_THE_DATABASE));
    Collections.shuffle(faults, random);
    return faults;
  }

  private void inject(BankFault fault, CounterpartySimulator outside) throws InterruptedException {
    System.out.printf("%s after %d answers, %d s%n", fault, answered.get(), seconds());
    switch (fault) {
      case KILL -> {
        running().kill();
        start(outside);
      }
      case FREEZE -> {
        running().freeze();
        letItLast();
        running().thaw();
      }
      case STALL_THE_DATABASE -> {
        Runnable resume = BankProcess.freezePostgres(folder);
        try {
          letItLast();
        } finally {
          resume.run();
        }
      }
    }
  }

  /**
   * Shorter or longer than the bank's database timeout and the database's idle transaction timeout.
   */
  private void letItLast() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 15_000));
  }

  private void start(CounterpartySimulator outside) {
    Map<String, String> environment = new TreeMap<>(HASTE);
    environment.put("KONTOR_CLEARING_URL", outside.clearing().toString());
    environment.put("KONTOR_CARRIER_URL", outside.carrier().toString());
    bank = BankProcess.start(folder, environment);
    teller = running().anyone().teller("acme");
    outside.notify(running().address());
  }

  private void prepare() {
    BankClient teller = teller();
    List<String> opened = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      String account = teller.openAccount();
      // Enough for most, so that some are rejected for lack of funds.
      teller.deposit(account, (EACH * 2 / ACCOUNTS + 1) * 9 + ".00").expect(200);
      opened.add(account);
    }
    accounts = List.copyOf(opened);
    teller.offer("MUG-1", "10.00", STOCK);
  }

  private static void letThingsGoWrong(CounterpartySimulator outside) {
    double often = FAULT_PERCENT / 100.0;
    for (SimulatedCall call : SimulatedCall.values()) {
      for (InjectedFault fault : InjectedFault.values()) {
        outside.faults().with(call, fault, often);
      }
    }
  }

  private List<Wish> wishes() {
    List<Wish> all = new ArrayList<>();
    for (int i = 0; i < 2 * EACH; i++) {
      String account = accounts.get(random.nextInt(ACCOUNTS));
      all.add(
          i % 2 == 0
              ? new Wish(
                  "/v1/orders", BankClient.orderBody(account, "MUG-1", 1 + random.nextInt(2)))
              : new Wish(
                  "/v1/payments", BankClient.paymentBody(account, 1 + random.nextInt(9) + ".00")));
    }
    return all;
  }

  private List<Future<?>> sendAll(Queue<Wish> open, ExecutorService clients) {
    List<Future<?>> working = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      working.add(
          clients.submit(
              () -> {
                for (Wish wish = open.poll(); wish != null; wish = open.poll()) {
                  sendUntilAnswered(wish);
                }
              }));
    }
    return working;
  }

  /** Under one idempotency key, so that it is done once, whichever attempt gets a response. */
  private void sendUntilAnswered(Wish wish) {
    await()
        .atMost(UNTIL_ALL_ENDED)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              try {
                return wish.send(teller());
              } catch (UncheckedIOException killed) {
                return false;
              }
            });
    int done = answered.incrementAndGet();
    if (done % Math.max(1, EACH / 4) == 0) {
      System.out.printf("%d of %d answered, %d s%n", done, 2 * EACH, seconds());
    }
  }

  /** All notifications are delivered, and all sagas and tasks have ended. */
  private void awaitTheEnd(CounterpartySimulator outside) {
    BankClient teller = teller();
    var lastTold = new AtomicInteger(-1);
    await()
        .atMost(UNTIL_ALL_ENDED)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              int payments = 0;
              for (JsonNode payment : teller.list("/v1/payments")) {
                payments += hasEnded(payment) ? 0 : 1;
              }
              int orders = 0;
              for (String order : ids("/v1/orders")) {
                orders += hasOrderEnded(teller.get("/v1/orders/" + order)) ? 0 : 1;
              }
              int open = payments + orders + outside.unsentNotifications();
              if (open != lastTold.getAndSet(open)) {
                System.out.printf(
                    "%d payments, %d orders, %d messages under way, %d s%n",
                    payments, orders, outside.unsentNotifications(), seconds());
              }
              return open == 0 && returnsHaveArrived(outside);
            });
  }

  private boolean returnsHaveArrived(CounterpartySimulator outside) {
    Map<String, String> outcomes = outside.payments();
    for (JsonNode payment : teller().list("/v1/payments?status=SETTLED")) {
      if ("RETURNED".equals(outcomes.get(payment.path("id").asString()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasEnded(JsonNode payment) {
    return ENDS_OF_PAYMENTS.contains(payment.path("status").asString())
        || (payment.path("needsAttention").asBoolean()
            && !payment.path("reason").asString().isEmpty());
  }

  /** After a kill, what the read model does not show yet counts as under way. */
  private static boolean hasOrderEnded(Answer answer) {
    if (answer.status() == 404) {
      return false;
    }
    JsonNode order = answer.expect(200).json();
    String status = order.path("status").asString();
    return ENDS_OF_ORDERS.contains(status)
        && (!status.equals("CONFIRMED")
            || order.path("reservation").path("status").asString().equals("SHIPPED"));
  }

  private void assertAllIsWhereItBelongs(CounterpartySimulator outside) {
    BankClient teller = teller();
    long position = teller.open("nobody", "EUR").position();
    String[] now = {"Kontor-Min-Position", Long.toString(position)};
    List<JsonNode> payments = teller.list("/v1/payments", now);
    assertThat(payments)
        .extracting(payment -> payment.path("id").asString())
        .hasSize(EACH)
        .doesNotHaveDuplicates();
    assertThat(ids("/v1/payments")).hasSize(EACH);

    long heldForOpen = 0;
    Map<String, Integer> ends = new TreeMap<>();
    Map<String, String> outcomes = outside.payments();
    for (JsonNode payment : payments) {
      String status = payment.path("status").asString();
      boolean waits = payment.path("needsAttention").asBoolean();
      ends.merge("payment " + status + (waits ? ", for a person" : ""), 1, Integer::sum);
      if (!ENDS_OF_PAYMENTS.contains(status)) {
        heldForOpen += cents(payment.path("amount"));
      }
      if (status.equals("SETTLED") || status.equals("RETURNED")) {
        assertThat(outcomes.get(payment.path("id").asString()))
            .as(payment.toString())
            .isEqualTo(status);
      }
    }

    long shipped = 0;
    long reserved = 0;
    for (String order : ids("/v1/orders")) {
      JsonNode ended = teller.get("/v1/orders/" + order, now).expect(200).json();
      ends.merge("order " + ended.path("status").asString(), 1, Integer::sum);
      String money = ended.path("payment").path("status").asString();
      String goods = ended.path("reservation").path("status").asString();
      long quantity = ended.path("items").get(0).path("quantity").asLong();
      heldForOpen += money.equals("HELD") ? cents(ended.path("total")) : 0;
      shipped += goods.equals("SHIPPED") ? quantity : 0;
      reserved += goods.equals("RESERVED") ? quantity : 0;
      if (ended.path("status").asString().equals("CONFIRMED")) {
        String shipment = ended.path("shipment").path("id").asString();
        assertThat(outside.shipments().get(shipment)).as(ended.toString()).isEqualTo("BOOKED");
      }
      if (ended.path("status").asString().equals("CANCELLED")) {
        assertThat(money).as(ended.toString()).isIn("NONE", "RELEASED", "REFUNDED");
        assertThat(goods).as(ended.toString()).isIn("NONE", "RELEASED");
      }
    }
    System.out.printf("%s, %d s%n", ends, seconds());

    long held = 0;
    for (JsonNode account : teller.list("/v1/accounts", now)) {
      held += cents(account.path("held"));
    }
    assertThat(held).as("held is what is open").isEqualTo(heldForOpen);
    JsonNode mugs = teller.get("/v1/products/MUG-1", now).expect(200).json();
    assertThat(mugs.path("onHand").asLong() + shipped).as("stock").isEqualTo(STOCK);
    assertThat(mugs.path("reserved").asLong()).as("reserved is what is open").isEqualTo(reserved);
    Books.at(position, teller, running().anyone().auditor("acme")).agree();
  }

  private List<String> ids(String path) {
    return all.stream()
        .filter(wish -> wish.path.equals(path))
        .map(wish -> wish.id)
        .distinct()
        .toList();
  }

  private static long cents(JsonNode money) {
    return new BigDecimal(money.path("amount").asString()).movePointRight(2).longValueExact();
  }

  private long seconds() {
    return Duration.between(began, Instant.now()).toSeconds();
  }

  private BankClient teller() {
    return Objects.requireNonNull(teller);
  }

  private BankProcess running() {
    return Objects.requireNonNull(bank);
  }

  /** An order or payment of a client, and its outcome. */
  private static final class Wish {
    private final String key = BankClient.newKey();
    private final String path;
    private final String body;
    private volatile @Nullable String id;

    Wish(String path, String body) {
      this.path = path;
      this.body = body;
    }

    /** Returns whether there was a response; without one it may still have been done. */
    boolean send(BankClient teller) {
      Answer answer = teller.post(path, body, "Idempotency-Key", key);
      if (List.of(503, 429, 409).contains(answer.status())) {
        return false;
      }
      id = answer.expect(202).text("id");
      return true;
    }
  }
}

package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Three processes with different roles on one database, under load. Each is killed once, and its
 * work is taken over, among it standing orders with due dates that were missed. One freezes, one is
 * cut off from the database, and the clock of one is set wrong: each recovers by itself. Nothing is
 * lost. Order, victims and durations come from the seed: {@code -Dkontor.seed=42}.
 */
@Tag("system")
class ClusterTest {
  private static final String TENANT = "acme";
  private static final int CLIENTS = 3;
  private static final int ACCOUNTS = 8;

  /** The nodes that execute standing orders have the role saga. */
  private static final int A_SAGA_NODE = 1;

  /**
   * Eight thousand and what the standing orders pay from, less what was captured, and two in each
   * account with a hold.
   */
  private static final String TOTAL = "8192.00";

  private static final String FOR_STANDING_ORDERS = "200.00";

  private static final String NEW_ACCOUNT =
      "{'customer':'cust-42','owner':'Ada Lovelace','currency':'EUR'}";

  private static final String ACCOUNTS_PATH = "/v1/accounts/";

  /** A client's pace, which leaves the machine time to start a node. */
  private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(20);

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(15);

  /** Time limit for recovery from a fault that does not kill the node. */
  private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(2);

  private enum Fault {
    KILL,
    FREEZE,
    SILENCE_THE_DATABASE,
    STEP_THE_CLOCK
  }

  /** A fault and its node. */
  private record Injection(Fault fault, int victim) {}

  /** Two of the three nodes have each role. */
  private static final List<String> ROLES =
      List.of("command,query", "command,projection,saga", "query,projection,saga");

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Cluster cluster = new Cluster();
  private final List<BankProcess> nodes = new ArrayList<>();
  private final List<TcpProxy> proxies = new ArrayList<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final Instant began = Instant.now();
  private List<String> accounts = List.of();
  private volatile boolean closing;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    for (String roles : ROLES) {
      proxies.add(new TcpProxy(cluster.databasePort()));
      nodes.add(cluster.launch(folder, roles, proxies.getLast()));
    }
    nodes.forEach(BankProcess::awaitReady);
  }

  @AfterEach
  void stop() throws IOException {
    nodes.forEach(BankProcess::thaw);
    nodes.forEach(BankProcess::askToStop);
    nodes.forEach(BankProcess::close);
    for (TcpProxy proxy : proxies) {
      proxy.close();
    }
    cluster.close();
  }

  @Test
  @Timeout(600)
  void whateverHappensToANodeTheOthersGoOnAndNothingIsLost() throws Exception {
    System.out.println("-Dkontor.seed=" + seed);
    cluster.operator(nodes.getFirst().port()).registerTenant(TENANT);
    openAccounts();
    OverdueStandingOrders standingOrders = createStandingOrders();
    List<String> transfers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        var choices = new Random(random.nextLong());
        clients.add(threads.submit(() -> workUntilClosing(choices)));
      }
      try {
        for (Injection injection : injections()) {
          if (injection.fault() == Fault.KILL && injection.victim() >= A_SAGA_NODE) {
            standingOrders.begin();
          }
          inject(injection);
        }
      } finally {
        closing = true;
      }
      for (var client : clients) {
        transfers.addAll(client.get());
      }
    }
    standingOrders.assertExecutedOnceEachAndInOrder(teller(0));
    transfers.addAll(standingOrders.transfers());
    assertEveryNodeTellsTheSameBooks(transfers);
  }

  private void openAccounts() {
    accounts = IntStream.range(0, ACCOUNTS).mapToObj(_ -> teller(random).openAccount()).toList();
    accounts.forEach(account -> teller(random).deposit(account, "1000.00").expect(200));
    String card = accounts.getFirst();
    String hold = teller(random).placeHold(card, "30.00").expect(201).text("id");
    teller(random).captureHold(card, hold, "20.00").expect(200);
  }

  private OverdueStandingOrders createStandingOrders() {
    BankClient teller = teller(0);
    String from = teller.openAccount();
    teller.deposit(from, FOR_STANDING_ORDERS).expect(200);
    nodes.getFirst().setClock(OverdueStandingOrders.AGO.negated());
    await().until(() -> nodes.getFirst().output().contains("clock stepped"));
    var orders =
        new OverdueStandingOrders(
            TENANT,
            JdbcClient.create(cluster.database().worker()),
            teller,
            from,
            accounts.getFirst());
    nodes.getFirst().setClock(Duration.ZERO);
    return orders;
  }

  private List<Injection> injections() {
    List<Injection> injections = new ArrayList<>();
    for (int victim = 0; victim < ROLES.size(); victim++) {
      injections.add(new Injection(Fault.KILL, victim));
    }
    for (Fault fault : List.of(Fault.FREEZE, Fault.SILENCE_THE_DATABASE, Fault.STEP_THE_CLOCK)) {
      injections.add(new Injection(fault, random.nextInt(ROLES.size())));
    }
    Collections.shuffle(injections, random);
    return injections;
  }

  /** Injects a fault into a node under load, and measures the time until its work goes on. */
  private void inject(Injection injection) throws InterruptedException {
    awaitAnswers(50 + random.nextInt(100));
    String held = accountWithAHoldThatEndsSoon();
    BankProcess victim = nodes.get(injection.victim());
    long injected = System.nanoTime();
    switch (injection.fault()) {
      case KILL -> victim.kill();
      case FREEZE -> {
        victim.freeze();
        letItLast();
        victim.thaw();
      }
      case SILENCE_THE_DATABASE -> {
        proxies.get(injection.victim()).stall();
        letItLast();
        proxies.get(injection.victim()).resume();
      }
      case STEP_THE_CLOCK -> {
        victim.setClock(Duration.ofMinutes(random.nextInt(-120, 120)));
        letItLast();
        victim.setClock(Duration.ZERO);
      }
    }
    List<Duration> taken = measureUntilAllGoesOn(held, injected);
    System.out.printf(
        "%s %s: commands to all streams after %d ms, projections after %d ms, processes after"
            + " %d ms%n",
        injection.fault(),
        ROLES.get(injection.victim()),
        taken.get(0).toMillis(),
        taken.get(1).toMillis(),
        taken.get(2).toMillis());
    if (injection.fault() == Fault.KILL) {
      assertThat(taken).allSatisfy(time -> assertThat(time).isLessThan(TAKEN_OVER_WITHIN));
      String roles = ROLES.get(injection.victim());
      nodes.set(
          injection.victim(),
          cluster.launch(folder, roles, proxies.get(injection.victim())).awaitReady());
    }
    await().atMost(RECOVERED_WITHIN).until(nodes.get(injection.victim())::isHealthy);
  }

  /** Shorter or longer than the idle transaction timeout. */
  private void letItLast() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 7_000));
  }

  private void awaitAnswers(int more) {
    int before = answered.get();
    await().atMost(RECOVERED_WITHIN).until(() -> answered.get() >= before + more);
  }

  /** How long after {@code injected} commands, projections and processes worked, each. */
  private List<Duration> measureUntilAllGoesOn(String held, long injected) {
    // To every stream, so to those that the victim owned.
    for (String account : accounts) {
      String hold = tell(random, account + "/holds", BankClient.movement("0.01"), 201).text("id");
      tell(random, account + "/holds/%s/release".formatted(hold), "", 200);
    }
    Duration decided = since(injected);
    Answer last = tell(random, held + "/deposits", BankClient.movement("1.00"), 200);
    ask(random, teller -> teller.getAfter(last, ACCOUNTS_PATH + held));
    Duration projected = since(injected);
    await()
        .atMost(RECOVERED_WITHIN)
        .until(
            () ->
                ask(random, teller -> teller.get(ACCOUNTS_PATH + held))
                    .amount("held")
                    .equals("0.00"));
    return List.of(decided, projected, since(injected));
  }

  /** The hold expires while possibly no node with role saga is up. */
  private String accountWithAHoldThatEndsSoon() {
    String account = tell(random, "/v1/accounts", NEW_ACCOUNT, 201).text("id");
    tell(random, account + "/deposits", BankClient.movement("1.00"), 200);
    String hold =
        "{'amount':%s,'reference':'card','expiresAt':'%s'}"
            .formatted(BankClient.euros("1.00"), Instant.now().plusSeconds(2));
    tell(random, account + "/holds", hold, 201);
    return account;
  }

  private List<String> workUntilClosing(Random choices) {
    List<String> done = new ArrayList<>();
    while (!closing) {
      int from = choices.nextInt(ACCOUNTS);
      int to = (from + 1 + choices.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
      String amount = "0.0" + (1 + choices.nextInt(9));
      String body = BankClient.transferBody(accounts.get(from), accounts.get(to), amount);
      Answer booked = tell(choices, "/v1/transfers", body, 201);
      done.add(booked.text("id"));
      answered.incrementAndGet();
      LockSupport.parkNanos(BETWEEN_REQUESTS.toNanos());
      if (done.size() % 10 == 0) {
        // The result contains all confirmed commands, whichever node serves it.
        ask(choices, teller -> teller.getAfter(booked, "/v1/transfers/" + booked.text("id")));
      }
    }
    return done;
  }

  private void assertEveryNodeTellsTheSameBooks(List<String> transfers) {
    System.out.printf("%d transfers through three nodes%n", transfers.size());
    long position = teller(random).open("cust-42", "EUR").position();
    for (int reader : List.of(0, 2)) {
      BankClient teller = teller(reader);
      BankClient auditor = cluster.client(nodes.get(reader).port(), TENANT, "auditor");
      Books books = Books.at(position, teller, auditor).agree();
      assertThat(books.transfers()).containsExactlyInAnyOrderElementsOf(transfers);
      assertThat(books.total()).isEqualByComparingTo(TOTAL);
      assertNoNodesClockDatesABooking(teller);
    }
  }

  private void assertNoNodesClockDatesABooking(BankClient teller) {
    Instant now = Instant.now();
    assertThat(teller.list("/v1/transfers"))
        .extracting(transfer -> Instant.parse(transfer.path("bookedAt").asString()))
        .allSatisfy(
            bookedAt -> assertThat(bookedAt).isBetween(began.truncatedTo(ChronoUnit.MILLIS), now));
  }

  private BankClient teller(Random choices) {
    return teller(choices.nextInt(nodes.size()));
  }

  private BankClient teller(int node) {
    return cluster.client(nodes.get(node).port(), TENANT, "teller");
  }

  /**
   * Sends a command to a random node; the path is relative to an account, or begins with a slash.
   */
  private Answer tell(Random choices, String path, String body, int status) {
    String key = BankClient.newKey();
    String whole = path.startsWith("/") ? path : ACCOUNTS_PATH + path;
    return insistently(choices, teller -> teller.post(whole, body, "Idempotency-Key", key), status);
  }

  private Answer ask(Random choices, Function<BankClient, Answer> question) {
    return insistently(choices, question, 200);
  }

  /**
   * Tries random nodes until one returns the status; skips nodes that are dead, busy or without
   * role query.
   */
  private Answer insistently(Random choices, Function<BankClient, Answer> request, int status) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    String last = "";
    while (System.nanoTime() < end) {
      try {
        Answer answer = request.apply(teller(choices));
        if (answer.status() != 503 && answer.status() != 409) {
          return answer.expect(status);
        }
        last = answer.http().body();
      } catch (UncheckedIOException gone) {
        last = gone.toString();
      }
    }
    throw new AssertionError("no node answered; the last one said " + last);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}

package io.kontor.app;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A read and a deposit every 200 ms, none of which waits for another, and what they are answered.
 */
final class DatabaseFaultTraffic {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final long EVERY_MILLIS = 200;

  /**
   * An answered request.
   *
   * @param at when it was sent, in seconds since the fault began
   */
  private record Observation(double at, boolean isRead, int status, Duration took) {}

  private final BankClient client;
  private final String account;
  private final Supplier<String> breakers;
  private final Duration atLeast;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<Observation> observations = new ConcurrentLinkedQueue<>();
  private final Map<Integer, String> states = new ConcurrentHashMap<>();
  private final Set<String> sent = ConcurrentHashMap.newKeySet();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledFuture<?> ticking;
  private String fault = "";
  private volatile long began;
  private volatile long ended;
  private double recovered;

  /**
   * @param account has had one deposit of 1.00
   * @param breakers their states, for the table
   * @param atLeast how long a fault should last
   */
  DatabaseFaultTraffic(
      BankClient client, String account, Supplier<String> breakers, Duration atLeast) {
    this.client = client;
    this.account = account;
    this.breakers = breakers;
    this.atLeast = atLeast;
  }

  /** Begins with the fault. */
  void start(String name) {
    fault = name;
    began = System.nanoTime();
    ticking = clock.scheduleAtFixedRate(this::tick, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether the fault has lasted as long as it should at least. */
  boolean lasted() {
    return seconds(began) >= atLeast.toSeconds();
  }

  /** The database is itself again. */
  void faultEnds() {
    ended = System.nanoTime();
  }

  /** Whether a read and a deposit that were sent after the fault's end have succeeded. */
  boolean isServedAgain() {
    double end = (ended - began) / 1e9;
    boolean served = hasSucceeded(end, true) && hasSucceeded(end, false);
    if (served) {
      recovered = seconds(ended);
    }
    return served;
  }

  private boolean hasSucceeded(double since, boolean isRead) {
    return observations.stream()
        .anyMatch(seen -> seen.isRead == isRead && seen.at >= since && seen.status == 200);
  }

  /** Sends no more, awaits what is under way, and prints what was seen. */
  void end() {
    Objects.requireNonNull(ticking).cancel(false);
    clock.close();
    callers.close();
    print();
  }

  int answered() {
    return observations.size();
  }

  Set<Integer> statuses() {
    return observations.stream().map(Observation::status).collect(Collectors.toSet());
  }

  Set<Integer> statusesOfReads() {
    return observations.stream()
        .filter(Observation::isRead)
        .map(Observation::status)
        .collect(Collectors.toSet());
  }

  Duration slowest() {
    return observations.stream().map(Observation::took).max(Duration::compareTo).orElseThrow();
  }

  /**
   * Every deposit is repeated with its key: those that were acknowledged are replayed, and in the
   * end each counts once.
   */
  void assertNothingAcknowledgedIsLost() {
    Answer last = null;
    for (String key : sent) {
      last =
          await()
              .atMost(SOON)
              .pollDelay(Duration.ZERO)
              .until(() -> deposit(key), answer -> answer.status() == 200);
      if (acknowledged.contains(key)) {
        assertThat(last.isReplayed()).as("a deposit that was acknowledged").isTrue();
      }
    }
    Answer end = client.deposit(account, "1.00").expect(200);
    assertThat(client.getAfter(end, "/v1/accounts/" + account).expect(200).amount("balance"))
        .isEqualTo(sent.size() + 2 + ".00");
    assertThat(last).isNotNull();
  }

  private void tick() {
    double at = seconds(began);
    states.putIfAbsent((int) at, breakers.get());
    callers.execute(() -> observe(at, true, () -> client.get(postings())));
    callers.execute(() -> observe(at, false, this::deposit));
  }

  /** One more deposit, which counts like the others. */
  Answer deposit() {
    String key = BankClient.newKey();
    sent.add(key);
    Answer answer = deposit(key);
    if (answer.status() == 200) {
      acknowledged.add(key);
    }
    return answer;
  }

  /** Not the account itself, of which the node may have a copy. */
  String postings() {
    return "/v1/accounts/%s/postings".formatted(account);
  }

  private Answer deposit(String key) {
    return client.post(
        "/v1/accounts/%s/deposits".formatted(account),
        BankClient.movement("1.00"),
        "Idempotency-Key",
        key);
  }

  private void observe(double at, boolean isRead, Supplier<Answer> request) {
    long asked = System.nanoTime();
    int status = request.get().status();
    observations.add(
        new Observation(at, isRead, status, Duration.ofNanos(System.nanoTime() - asked)));
  }

  private void print() {
    var bySecond =
        observations.stream()
            .collect(groupingBy(seen -> (int) seen.at, TreeMap::new, Collectors.toList()));
    System.out.printf(
        "%n%s, until second %.1f; served again after %.1f s%n",
        fault, (ended - began) / 1e9, recovered);
    System.out.println("| second | reads | deposits | breakers |\n| --- | --- | --- | --- |");
    bySecond.forEach(
        (second, seen) ->
            System.out.printf(
                "| %d | %s | %s | %s |%n",
                second,
                described(seen, true),
                described(seen, false),
                states.getOrDefault(second, "")));
  }

  private static String described(List<Observation> seen, boolean reads) {
    var byStatus =
        seen.stream()
            .filter(one -> one.isRead == reads)
            .collect(groupingBy(Observation::status, TreeMap::new, counting()));
    Duration slowest =
        seen.stream()
            .filter(one -> one.isRead == reads)
            .map(Observation::took)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return byStatus.entrySet().stream()
            .map(entry -> "%d × %d".formatted(entry.getValue(), entry.getKey()))
            .collect(joining(", "))
        + " in %.1f s".formatted(slowest.toMillis() / 1e3);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}

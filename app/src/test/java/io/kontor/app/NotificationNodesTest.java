package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.client.NotificationClient;
import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes with clients that are sent notifications, behind a balancer. One is killed under
 * load, and its clients go on at the other one. It runs when it is asked for, with so many clients:
 * {@code -Dkontor.clients=1000}. Who does what comes from the seed: {@code -Dkontor.seed=42}.
 */
@Tag("system")
@EnabledIfSystemProperty(named = "kontor.clients", matches = "[0-9]+")
@Timeout(900)
class NotificationNodesTest {
  private static final String TENANT = "acme";
  private static final String ROLES = "command,query,projection,saga";
  private static final int CLIENTS = Integer.getInteger("kontor.clients", 20);
  private static final int DEVICES = 2;
  private static final int AT_ONCE = 8;
  private static final int DEPOSITS = 200 + 2 * CLIENTS;

  /** One node has the clients of both in the end, and for a while connections that they left. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "kontor.notifications.stream.tenant-connections", Integer.toString(2 * CLIENTS),
          "kontor.notifications.stream.address-connections", Integer.toString(2 * CLIENTS));

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Cluster cluster = new Cluster();
  private final List<BankProcess> nodes = new ArrayList<>();
  private final List<TcpProxy> balancer = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<String> accounts = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;

  /** A client of a user, and what it has received. */
  private record Device(String user, NotificationClient client, List<String> received) {}

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 2; i++) {
      nodes.add(cluster.launch(folder, ROLES, LIMITS));
    }
    for (BankProcess node : nodes) {
      balancer.add(new TcpProxy(node.awaitReady().port()));
    }
  }

  @AfterEach
  void stop() throws IOException {
    devices.forEach(device -> device.client().close());
    nodes.forEach(BankProcess::askToStop);
    nodes.forEach(BankProcess::close);
    for (TcpProxy proxy : balancer) {
      proxy.close();
    }
    cluster.close();
  }

  @Test
  void eachClientHasEachNotificationOnceAndInOrderThoughANodeIsKilled() throws Exception {
    System.out.println("-Dkontor.seed=" + seed);
    int victim = random.nextInt(2);
    int survivor = nodes.get(1 - victim).port();
    cluster.operator(survivor).registerTenant(TENANT);
    BankClient teller = cluster.client(survivor, TENANT, "teller");
    connect(teller);

    int killedAfter = DEPOSITS / 4 + random.nextInt(DEPOSITS / 4);
    var made = new AtomicInteger();
    var killed = new AtomicLong();
    var allBack = new CompletableFuture<Long>();
    each(
        random.ints(DEPOSITS, 0, accounts.size()).mapToObj(accounts::get).toList(),
        account -> {
          if (made.getAndIncrement() == killedAfter) {
            killed.set(System.nanoTime());
            nodes.get(victim).kill();
            balancer.get(victim).target(survivor);
            allConnectedTo(nodes.get(1 - victim), killed.get(), allBack);
          }
          deposit(teller, account);
        });
    Answer newest = deposit(teller, accounts.getFirst());

    BankClient anyUser = cluster.customer(survivor, TENANT, devices.getFirst().user());
    await()
        .atMost(TIMEOUT)
        .until(() -> anyUser.getAfter(newest, "/v1/notifications").status() == 200);
    for (Device device : devices) {
      BankClient user = cluster.customer(survivor, TENANT, device.user());
      int all = made(user).size();
      await().atMost(TIMEOUT).until(() -> device.received().size() >= all);
    }
    long allHadAll = millisSince(killed.get());
    long received = 0;
    long repeats = 0;
    for (Device device : devices) {
      BankClient user = cluster.customer(survivor, TENANT, device.user());
      List<String> once = device.received().stream().distinct().toList();
      assertThat(once).as(device.user()).isEqualTo(made(user));
      received += once.size();
      repeats += device.received().size() - once.size();
    }
    System.out.printf(
        "%d clients, %d deposits, killed after %d: all connected again %d ms after that, all had all"
            + " %d ms after that, %d received and %d repeated%n",
        CLIENTS,
        DEPOSITS,
        killedAfter,
        allBack.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS),
        allHadAll,
        received,
        repeats);
  }

  /**
   * Milliseconds from a time until a node has all the connections. Not on the common pool: Java's
   * HTTP client, that of the waiting clients too, completes its answers there.
   */
  private void allConnectedTo(BankProcess node, long since, CompletableFuture<Long> result) {
    result.completeAsync(
        () -> {
          await()
              .atMost(TIMEOUT)
              .untilAsserted(() -> assertThat(connections(node)).isEqualTo(CLIENTS));
          return millisSince(since);
        },
        Thread::startVirtualThread);
  }

  /** Some at a time, beginning with the first. */
  private static <T> void each(List<T> all, Consumer<T> task) throws Exception {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<?> done :
          all.stream().<Future<?>>map(one -> threads.submit(() -> task.accept(one))).toList()) {
        done.get();
      }
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private void connect(BankClient teller) throws Exception {
    each(
        IntStream.range(0, CLIENTS / DEVICES).boxed().toList(),
        user -> accounts.add(teller.openAccount("user-" + user, "EUR")));
    for (int i = 0; i < CLIENTS; i++) {
      String user = "user-" + i / DEVICES;
      int port = balancer.get(random.nextInt(2)).port();
      String token = cluster.customer(port, TENANT, user).token();
      List<String> received = new CopyOnWriteArrayList<>();
      devices.add(
          new Device(
              user,
              NotificationClient.connect(
                  URI.create("http://localhost:" + port),
                  () -> token,
                  one -> received.add(one.id().toString()),
                  null),
              received));
    }
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(nodes.stream().mapToInt(this::connections).sum()).isEqualTo(CLIENTS));
  }

  private int connections(BankProcess node) {
    return cluster
        .operator(node.port())
        .get("/actuator/metrics/kontor.notifications.connections")
        .expect(200)
        .json()
        .at("/measurements/0/value")
        .asInt();
  }

  /** Sends it until it is answered: a node that dies may leave the answer open. */
  private static Answer deposit(BankClient teller, String account) {
    String key = BankClient.newKey();
    List<Answer> answers = new ArrayList<>();
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              try {
                answers.add(
                    teller.post(
                        "/v1/accounts/%s/deposits".formatted(account),
                        BankClient.movement("1.00"),
                        "Idempotency-Key",
                        key));
                return answers.getLast().status() == 200;
              } catch (UncheckedIOException lost) {
                return false;
              }
            });
    return answers.getLast();
  }

  /** All of a user's there are, oldest first. */
  private static List<String> made(BankClient user) {
    return user.list("/v1/notifications").reversed().stream()
        .map(one -> one.path("id").asString())
        .toList();
  }
}

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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
@Timeout(600)
class NotificationNodesTest {
  private static final String TENANT = "acme";
  private static final String ROLES = "command,query,projection,saga";
  private static final int CLIENTS = Integer.getInteger("kontor.clients", 20);
  private static final int DEVICES = 2;
  private static final int DEPOSITS = 200 + 2 * CLIENTS;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final long seed = Long.getLong("kontor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Cluster cluster = new Cluster();
  private final List<BankProcess> nodes = new ArrayList<>();
  private final List<TcpProxy> balancer = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<String> accounts = new ArrayList<>();
  @TempDir private Path folder;

  /** A client of a user, and what it has received. */
  private record Device(String user, NotificationClient client, List<String> received) {}

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 2; i++) {
      nodes.add(cluster.launch(folder, ROLES));
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
    awaitAll(teller);

    int killedAfter = DEPOSITS / 4 + random.nextInt(DEPOSITS / 4);
    long killed = 0;
    Future<Long> allBack = CompletableFuture.completedFuture(0L);
    Answer last = null;
    for (int i = 0; i < DEPOSITS; i++) {
      if (i == killedAfter) {
        killed = System.nanoTime();
        nodes.get(victim).kill();
        balancer.get(victim).target(survivor);
        allBack = allConnectedTo(nodes.get(1 - victim), killed);
      }
      last = deposit(teller, accounts.get(random.nextInt(accounts.size())));
    }

    Answer newest = last;
    BankClient anyUser = cluster.customer(survivor, TENANT, devices.getFirst().user());
    await()
        .atMost(TIMEOUT)
        .until(() -> anyUser.getAfter(newest, "/v1/notifications").status() == 200);
    for (Device device : devices) {
      BankClient user = cluster.customer(survivor, TENANT, device.user());
      int made = made(user).size();
      await().atMost(TIMEOUT).until(() -> device.received().size() >= made);
    }
    long allHadAll = millisSince(killed);
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
        CLIENTS, DEPOSITS, killedAfter, allBack.get(), allHadAll, received, repeats);
  }

  /** Milliseconds from a time until a node has all the connections. */
  private Future<Long> allConnectedTo(BankProcess node, long since) {
    return CompletableFuture.supplyAsync(
        () -> {
          await().atMost(TIMEOUT).until(() -> connections(node) == CLIENTS);
          return millisSince(since);
        });
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private void connect(BankClient teller) {
    for (int i = 0; i < CLIENTS; i++) {
      String user = "user-" + i / DEVICES;
      if (i % DEVICES == 0) {
        accounts.add(teller.openAccount(user, "EUR"));
      }
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
  }

  /** Each has one notification to go on after. */
  private void awaitAll(BankClient teller) {
    await()
        .atMost(TIMEOUT)
        .until(() -> nodes.stream().mapToInt(this::connections).sum() == CLIENTS);
    accounts.forEach(account -> deposit(teller, account));
    await()
        .atMost(TIMEOUT)
        .until(() -> devices.stream().noneMatch(device -> device.received().isEmpty()));
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

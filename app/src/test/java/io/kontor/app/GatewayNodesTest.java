package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway in front of nodes with different roles, all of them programs. Nodes are killed and
 * others added while clients send deposits and transfers, each once and with a key, and read
 * accounts.
 */
@Tag("system")
@Timeout(900)
class GatewayNodesTest {
  private static final String TENANT = "acme";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int ACCOUNTS = 16;
  private static final int CLIENTS = 8;

  /** Rounds of all clients between two faults. */
  private static final int ROUNDS = 60;

  private final Cluster cluster = new Cluster();
  private final List<BankProcess> nodes = new ArrayList<>();
  private final int later = freePort();
  private BankProcess gateway;
  private BankClient teller;
  private List<String> accounts;
  @TempDir private Path folder;

  @BeforeEach
  void start() {
    nodes.add(cluster.launch(folder, "command,query"));
    nodes.add(cluster.launch(folder, "command,projection,saga"));
    nodes.add(cluster.launch(folder, "query,projection,saga"));
    List<Integer> ports = nodes.stream().map(BankProcess::port).toList();
    gateway =
        cluster.launchGateway(
            folder,
            List.of(ports.get(0), ports.get(1), later),
            List.of(ports.get(0), ports.get(2), later));
    nodes.forEach(BankProcess::awaitReady);
    gateway.awaitReady();
    cluster.operator(gateway.port()).registerTenant(TENANT);
    teller = cluster.client(gateway.port(), TENANT, "teller");
    accounts = IntStream.range(0, ACCOUNTS).mapToObj(_ -> teller.openAccount()).toList();
  }

  @AfterEach
  void stop() {
    gateway.close();
    nodes.forEach(BankProcess::askToStop);
    nodes.forEach(BankProcess::close);
    cluster.close();
  }

  @Test
  void clientsWithKeysNoticeNeitherNodesThatAreKilledNorThoseThatJoin() throws Exception {
    commandsArriveWhereTheyAreDecided();

    var story = new Story();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = story.begin(threads);
      story.awaitRounds(ROUNDS);
      nodes.get(0).kill();
      story.awaitRounds(ROUNDS);
      nodes.add(cluster.launch(folder, "command,query", later));
      nodes.getLast().awaitReady();
      story.awaitRounds(ROUNDS);
      nodes.get(1).kill();
      story.awaitRounds(ROUNDS);
      nodes.add(cluster.launch(folder, "command,query,projection", nodes.get(0).port()));
      nodes.getLast().awaitReady();
      story.awaitRounds(ROUNDS);
      nodes.get(2).kill();
      story.awaitRounds(ROUNDS);
      story.end(clients);
    }
    assertThat(story.errors).isEmpty();
    story.nothingIsLost();
  }

  /** As the nodes count what they send to each other. */
  private void commandsArriveWhereTheyAreDecided() {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              double before = forwarded();
              accounts.forEach(account -> teller.deposit(account, "1.00").expect(200));
              assertThat(forwarded()).isEqualTo(before);
            });
    double before = forwarded();
    for (String account : accounts) {
      teller.withdraw(account, "1.00").expect(200);
    }
    assertThat(forwarded()).isEqualTo(before);
  }

  private double forwarded() {
    return nodes.stream()
        .mapToDouble(
            node ->
                cluster
                    .operator(node.port())
                    .get("/actuator/metrics/kontor.cluster.forwarded")
                    .expect(200)
                    .json()
                    .at("/measurements/0/value")
                    .asDouble())
        .sum();
  }

  /** What clients send, each request once, and what they were answered. */
  private final class Story {
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();

    /** Euros that were deposited, over what the accounts had. */
    private final AtomicInteger deposited = new AtomicInteger();

    private final long before = total(balances());

    List<Future<?>> begin(ExecutorService threads) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String from = accounts.get(2 * i);
        String to = accounts.get(2 * i + 1);
        clients.add(threads.submit(() -> send(from, to)));
      }
      return clients;
    }

    private void send(String from, String to) {
      while (!isOver.get()) {
        expect(200, teller.deposit(from, "2.00"));
        deposited.addAndGet(2);
        expect(201, teller.transfer(from, to, "1.00"));
        expect(200, teller.get("/v1/accounts/" + to));
        rounds.incrementAndGet();
      }
    }

    private void expect(int status, Answer answer) {
      if (answer.status() != status) {
        errors.add(
            "%s %s: %d %s"
                .formatted(
                    answer.http().request().method(),
                    answer.http().request().uri().getPath(),
                    answer.status(),
                    answer.http().body()));
      }
    }

    void awaitRounds(int more) {
      int enough = rounds.get() + more;
      await().atMost(TIMEOUT).until(() -> rounds.get() >= enough);
    }

    void end(List<Future<?>> clients) throws Exception {
      isOver.set(true);
      for (Future<?> client : clients) {
        client.get();
      }
      System.out.printf("%d rounds%n", rounds.get());
    }

    void nothingIsLost() {
      long position = teller.deposit(accounts.getFirst(), "1.00").expect(200).position();
      BankClient auditor = cluster.client(gateway.port(), TENANT, "auditor");
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  teller
                          .get("/v1/accounts", "Kontor-Min-Position", Long.toString(position))
                          .status()
                      == 200);
      Books.at(position, teller, auditor).agree();
      assertThat(total(balances())).isEqualTo(before + deposited.get() + 1);
    }

    private static long total(Map<String, Long> balances) {
      return balances.values().stream().mapToLong(Long::longValue).sum();
    }

    /** In whole euros, as the accounts' streams have them. */
    private Map<String, Long> balances() {
      Map<String, Long> balances = new TreeMap<>();
      for (String account : accounts) {
        Answer last = teller.deposit(account, "1.00").expect(200);
        balances.put(account, Long.parseLong(last.amount("balance").replace(".00", "")) - 1);
        teller.withdraw(account, "1.00").expect(200);
      }
      return balances;
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

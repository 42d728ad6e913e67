package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.axonframework.tracing.NoOpSpanFactory;
import org.axonframework.tracing.SpanFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes share the streams, on whichever node a command comes in. */
@Timeout(120)
@Tag("system")
class RoutingTest {
  private static final String TENANT = "acme";
  private static final Duration A_HEARTBEAT_OR_TWO = Duration.ofSeconds(4);

  private static final Cluster cluster = new Cluster();
  private static Cluster.Node one;
  private static Cluster.Node other;

  @BeforeAll
  static void start() {
    one = cluster.node("command,query,projection,saga");
    other =
        cluster.node(
            "command,query",
            Map.of("kontor.cluster.secret", Cluster.SECRET, "kontor.tracing.endpoint", ""));
    one.operator().registerTenant(TENANT);
    await()
        .atMost(A_HEARTBEAT_OR_TWO)
        .until(() -> one.nodesThatItSees() == 2 && other.nodesThatItSees() == 2);
  }

  @AfterAll
  static void stop() {
    other.close();
    one.close();
    cluster.close();
  }

  @Test
  void aStreamsCommandsGoToOneNodeFromWhereverTheyCome() {
    List<String> accounts =
        IntStream.range(0, 20).mapToObj(_ -> one.teller(TENANT).openAccount()).toList();
    int ownedByOne = 0;
    for (String account : accounts) {
      double fromOne = one.forwarded("answered");
      double fromOther = other.forwarded("answered");
      for (int i = 0; i < 3; i++) {
        one.teller(TENANT).deposit(account, "1.00").expect(200);
        other.teller(TENANT).deposit(account, "1.00").expect(200);
      }
      fromOne = one.forwarded("answered") - fromOne;
      fromOther = other.forwarded("answered") - fromOther;
      assertThat(List.of(fromOne, fromOther)).containsExactlyInAnyOrder(0.0, 3.0);
      ownedByOne += fromOne == 0 ? 1 : 0;
    }
    assertThat(ownedByOne).isBetween(1, accounts.size() - 1);
  }

  @Test
  void anOperatorSeesEachNodeWithItsAddressAndRoles() {
    assertThat(other.operator().get("/v1/admin/nodes").expect(200).json().valueStream())
        .extracting(node -> node.path("address").asString() + " " + node.path("roles").toString())
        .containsExactlyInAnyOrder(
            "http://127.0.0.1:%d [\"command\",\"query\",\"projection\",\"saga\"]"
                .formatted(one.port()),
            "http://127.0.0.1:%d [\"command\",\"query\"]".formatted(other.port()));
  }

  @Test
  void aRefusalIsTheSameWhicheverNodeIsAsked() {
    String account = one.teller(TENANT).openAccount();
    List<Answer> poor =
        both().stream().map(teller -> teller.withdraw(account, "5.00").expect(422)).toList();
    assertThat(poor).extracting(Answer::slug).containsOnly("insufficient-funds");
    assertThat(poor.getFirst().text("detail")).isEqualTo(poor.getLast().text("detail"));
    for (BankClient teller : both()) {
      assertThat(
              teller
                  .post(
                      "/v1/accounts/%s/freeze".formatted(account),
                      "{'reason':'x'}",
                      "If-Match",
                      "\"7\"")
                  .expect(412)
                  .slug())
          .isEqualTo("version-mismatch");
      String nobodys = "0198c0de-0000-7000-8000-000000000000";
      assertThat(teller.deposit(nobodys, "1.00").expect(404).slug()).isEqualTo("not-found");
    }
  }

  @Test
  void whatAlarmsAboutNodesIsScrapedFromTheStart() throws IOException {
    String scraped = one.operator().get("/actuator/prometheus").expect(200).http().body();
    assertThat(DashboardTest.metricsIn("alerts.yaml"))
        .filteredOn(metric -> metric.contains("cluster"))
        .hasSize(2)
        .allSatisfy(metric -> assertThat(scraped).containsPattern("\\n%s[{ ]".formatted(metric)));
    assertThat(scraped).contains("outcome=\"unreached\"", "outcome=\"lost\"");
  }

  @Test
  void whereNobodyTakesSpansNothingThatMakesThemIsThere() {
    for (Cluster.Node node : List.of(one, other)) {
      assertThat(node.context().getBeansOfType(OpenTelemetry.class)).isEmpty();
      assertThat(node.context().getBean(SpanFactory.class)).isInstanceOf(NoOpSpanFactory.class);
    }
  }

  @Test
  void aKeyWorksOnceAndAPositionIsReadableOnEveryNode() {
    String account = one.teller(TENANT).openAccount();
    String path = "/v1/accounts/%s/deposits".formatted(account);
    String key = BankClient.newKey();
    Answer first =
        one.teller(TENANT)
            .post(path, BankClient.movement("5.00"), "Idempotency-Key", key)
            .expect(200);
    Answer again =
        other
            .teller(TENANT)
            .post(path, BankClient.movement("5.00"), "Idempotency-Key", key)
            .expect(200);
    assertThat(again.isReplayed()).isTrue();
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.position()).isEqualTo(first.position());
    for (BankClient teller : both()) {
      Answer read = teller.getAfter(first, "/v1/accounts/" + account).expect(200);
      assertThat(read.amount("balance")).isEqualTo("5.00");
      assertThat(read.header("ETag")).isEqualTo(first.header("ETag"));
    }
    Answer changed =
        one.teller(TENANT)
            .post(
                "/v1/accounts/%s/freeze".formatted(account),
                "{'reason':'x'}",
                "If-Match",
                first.header("ETag"));
    changed.expect(200);
  }

  @Test
  void aNodeThatDecidesNothingSendsCommandsOnAndOneThatAnswersNoReadsSaysSo() {
    try (var edge = cluster.node("saga")) {
      BankClient teller = edge.teller(TENANT);
      String account = teller.openAccount();
      Answer deposit = teller.deposit(account, "7.00").expect(200);
      assertThat(teller.withdraw(account, "8.00").expect(422).slug())
          .isEqualTo("insufficient-funds");
      assertThat(edge.forwarded("answered")).isEqualTo(3);
      Answer refused = teller.get("/v1/accounts/" + account).expect(503);
      assertThat(refused.slug()).isEqualTo("not-served-here");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      new BankClient(edge.port(), null).get("/v1/accounts").expect(401);
      new BankClient(edge.port(), null).get("/actuator/health/readiness").expect(200);
      teller.pay(account, "1.00").expect(202);
      other.teller(TENANT).getAfter(deposit, "/v1/accounts/" + account).expect(200);
    }
  }

  @Test
  void twoThatBothBelieveToOwnAStreamLoseNothing() throws Exception {
    try (var loner = cluster.node("command", Map.of())) {
      String account = one.teller(TENANT).openAccount();
      List<BankClient> tellers =
          List.of(
              one.teller(TENANT), loner.teller(TENANT), other.teller(TENANT), loner.teller(TENANT));
      int each = 40;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> work = new ArrayList<>();
        for (BankClient teller : tellers) {
          work.add(
              threads.submit(
                  () -> {
                    for (int i = 0; i < each; i++) {
                      send(teller, "/v1/accounts/%s/deposits".formatted(account), "1.00");
                      send(teller, "/v1/accounts/%s/withdrawals".formatted(account), "0.50");
                    }
                  }));
        }
        for (Future<?> done : work) {
          done.get();
        }
      }
      Answer last = loner.teller(TENANT).deposit(account, "1.00").expect(200);
      assertThat(last.amount("balance"))
          .isEqualTo("%d.00".formatted(tellers.size() * each / 2 + 1));
      assertThat(last.json().path("version").asLong()).isEqualTo(2L * tellers.size() * each + 1);
      assertThat(other.teller(TENANT).getAfter(last, "/v1/accounts/" + account).amount("balance"))
          .isEqualTo(last.amount("balance"));
    }
  }

  @Test
  void aNodeThatLeavesIsMissedByNobody() throws Exception {
    List<String> accounts =
        IntStream.range(0, 10).mapToObj(_ -> one.teller(TENANT).openAccount()).toList();
    var leaving = cluster.node("command");
    await().atMost(A_HEARTBEAT_OR_TWO).until(() -> one.nodesThatItSees() == 3);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> left = threads.submit(leaving::close);
      BankClient teller = one.teller(TENANT);
      do {
        accounts.forEach(account -> teller.deposit(account, "1.00").expect(200));
      } while (!left.isDone());
      left.get();
    }
    assertThat(one.nodesThatItSees()).isEqualTo(2);
    assertThat(one.forwarded("lost")).isZero();
  }

  @Test
  void onlyTheSecretLetsANodeInAndAWrongOneCostsNothing() {
    for (String token : List.of(one.teller(TENANT).token(), one.operator().token())) {
      new BankClient(one.port(), token)
          .send("POST", "/internal/commands", "", "Content-Type", "application/octet-stream")
          .expect(403);
    }
    new BankClient(one.port(), null)
        .send(
            "POST",
            "/internal/commands",
            "",
            "Content-Type",
            "application/octet-stream",
            "Kontor-Cluster-Secret",
            Cluster.SECRET + "!")
        .expect(403);
    String wrong = "a secret that is long enough and still the wrong one";
    try (var stranger = cluster.node("command", Map.of("kontor.cluster.secret", wrong))) {
      await().atMost(A_HEARTBEAT_OR_TWO).until(() -> one.nodesThatItSees() == 3);
      for (int i = 0; i < 8; i++) {
        String account = one.teller(TENANT).openAccount();
        one.teller(TENANT).deposit(account, "1.00").expect(200);
        stranger.teller(TENANT).deposit(account, "1.00").expect(200);
      }
      assertThat(one.forwarded("unreached") + stranger.forwarded("unreached")).isPositive();
      assertThat(stranger.forwarded("answered")).isZero();
    }
  }

  /**
   * Sends under one key until it is done. A node that loses against another's commands again and
   * again asks its client to repeat.
   */
  private static void send(BankClient teller, String path, String amount) {
    String key = BankClient.newKey();
    Answer answer;
    do {
      answer = teller.post(path, BankClient.movement(amount), "Idempotency-Key", key);
    } while (answer.status() == 503 && "store-busy".equals(answer.slug()));
    answer.expect(200);
  }

  private static List<BankClient> both() {
    return List.of(one.teller(TENANT), other.teller(TENANT));
  }
}

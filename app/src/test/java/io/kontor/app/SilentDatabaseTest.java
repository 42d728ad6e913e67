package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.testsupport.ApiClient.Answer;
import io.kontor.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The network to the database drops every packet: no error, no response. */
@Tag("system")
class SilentDatabaseTest {
  private static final String TENANT = "acme";

  /** Ten seconds by the limits that are configured; the machine may be slow. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(25);

  private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(1);

  private final Cluster cluster = new Cluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  @Timeout(240)
  void requestsAreAnsweredInTimeAndTheNodeRecoversWithoutARestart() throws Exception {
    String url = cluster.database().jdbcUrl();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try (var network = new TcpProxy(port);
        var node =
            cluster.node(
                "command,query,projection,saga",
                Map.of(
                    "kontor.db.url",
                    url.replace(":" + port, ":" + network.port()),
                    "kontor.cluster.secret",
                    "the node of this test knows itself by it"))) {
      node.operator().registerTenant(TENANT);
      BankClient teller = node.teller(TENANT);
      String account = teller.openAccount();
      teller.getAfter(teller.deposit(account, "1.00").expect(200), path(account)).expect(200);
      assertThat(health(node, "")).isEqualTo(200);

      network.stall();
      for (int round = 0; round < 2; round++) {
        // not the account itself, of which the node may have a copy
        assertIsRefusedInTime(() -> teller.get(path(account) + "/postings"));
        assertIsRefusedInTime(() -> teller.deposit(account, "1.00"));
      }
      await().atMost(RECOVERED_WITHIN).until(() -> health(node, "") == 503);
      assertThat(health(node, "/readiness")).isEqualTo(200);

      network.resume();
      String key = BankClient.newKey();
      await()
          .atMost(RECOVERED_WITHIN)
          .until(
              () ->
                  teller
                          .post(
                              path(account) + "/deposits",
                              BankClient.movement("5.00"),
                              "Idempotency-Key",
                              key)
                          .status()
                      == 200);
      await().atMost(RECOVERED_WITHIN).until(() -> teller.get(path(account)).status() == 200);
      Answer last = teller.deposit(account, "1.00").expect(200);
      await()
          .atMost(RECOVERED_WITHIN)
          .until(() -> teller.getAfter(last, path(account)).status() == 200);
      await().atMost(RECOVERED_WITHIN).until(() -> health(node, "") == 200);
      assertThat(node.nodesThatItSees()).isEqualTo(1);
    }
  }

  private static void assertIsRefusedInTime(Supplier<Answer> request) {
    long asked = System.nanoTime();
    Answer answer = request.get();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(ANSWERED_WITHIN);
  }

  private static int health(Cluster.Node node, String group) {
    return BankClient.anyone(node.port()).get("/actuator/health" + group).status();
  }

  private static String path(String account) {
    return "/v1/accounts/" + account;
  }
}

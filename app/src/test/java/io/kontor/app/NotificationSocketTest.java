package io.kontor.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.dev.DevSigningKey;
import io.kontor.simulator.Issuer;
import io.kontor.testsupport.ApiClient.Answer;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Notifications over WebSocket. */
@Timeout(180)
class NotificationSocketTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String NEWS = "/v1/notifications";
  private static final String[] NO_HEADERS = {};

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient ada = BANK.customer(tenant, "ada");
  private final String account = teller.openAccount("ada", "EUR");

  @Test
  void whatWasNotAcknowledgedComesFirstInOrderAndThenWhatHappens() throws Exception {
    teller.deposit(account, "200.00").expect(200);
    String transfer = BankClient.transferBody(account, teller.openAccount(), "1.00");
    Answer sent =
        teller
            .post(
                "/v1/transfers/bulk",
                "{'transfers':[" + (transfer + ",").repeat(120) + transfer + "]}")
            .expect(200);
    List<String> made = ids(ada.getAfter(sent, NEWS + "?limit=200")).reversed();

    var first = SocketClient.of(ada, (String) null);
    assertThat(first.protocol()).isEqualTo("kontor.v1");
    assertThat(first.next(made.size())).as("more than a page").isEqualTo(made);
    teller.deposit(account, "5.00").expect(200);
    JsonNode live = first.next();
    assertThat(live.propertyNames()).containsExactly("id", "kind", "at", "data");
    assertThat(live.path("kind").asString()).isEqualTo("MONEY_IN");
    assertThat(live.at("/data/amount/amount").asString()).isEqualTo("5.00");
    first.acknowledge(made.get(3));
    first.acknowledge(made.get(100));
    first.close();

    List<String> rest = new ArrayList<>(made.subList(101, made.size()));
    rest.add(live.path("id").asString());
    awaitFirst(rest.getFirst());
    List<Boolean> delivered =
        ada.list(NEWS).reversed().stream().map(one -> one.has("deliveredAt")).toList();
    assertThat(delivered.subList(0, 101)).as("up to the one acknowledged").containsOnly(true);
    assertThat(delivered.subList(101, delivered.size())).containsOnly(false);
    var second = SocketClient.of(ada, (String) null);
    assertThat(second.next(rest.size())).as("those not acknowledged").isEqualTo(rest);
    var third = SocketClient.of(ada, made.get(1));
    assertThat(third.next(3)).as("those after the last one seen").isEqualTo(made.subList(2, 5));
    assertThat(ada.get(NEWS + "/unread-count").json().path("unread").asLong())
        .as("what was acknowledged was not read")
        .isEqualTo(made.size() + 1);
    second.close();
    third.close();
  }

  /** Acknowledgements are stored a little later. */
  private void awaitFirst(String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var client = SocketClient.of(ada, (String) null);
              String first = client.next(1).getFirst();
              client.close();
              return first.equals(id);
            });
  }

  @Test
  void aTicketOpensOneConnectionWithoutAToken() throws Exception {
    String ticket = "kontor.ticket." + ada.post(NEWS + "/tickets", "").expect(201).text("ticket");
    BankClient anyone = BANK.anyone();
    assertThat(SocketClient.refusal(() -> SocketClient.offering(anyone, NO_HEADERS, "kontor.v1")))
        .as("without one")
        .isEqualTo(401);
    String changed = ticket.substring(0, ticket.length() - 4) + "AAAA";
    assertThat(refusal(anyone, changed)).as("a guessed one").isEqualTo(401);
    String foreign = ticket.replace(tenant, BANK.newTenant());
    assertThat(refusal(anyone, foreign)).as("another tenant's").isEqualTo(401);

    var client = SocketClient.offering(anyone, NO_HEADERS, "kontor.v1", ticket);
    assertThat(client.protocol()).isEqualTo("kontor.v1");
    teller.deposit(account, "1.00").expect(200);
    assertThat(client.next().path("kind").asString()).isEqualTo("MONEY_IN");
    assertThat(refusal(anyone, ticket)).as("for the second time").isEqualTo(401);
    client.close();
  }

  private static int refusal(BankClient client, String ticket) {
    return SocketClient.refusal(
        () -> SocketClient.offering(client, NO_HEADERS, "kontor.v1", ticket));
  }

  @Test
  void pagesOfOtherOriginsAndOtherProtocolsAreRefused() throws Exception {
    assertThat(
            SocketClient.refusal(
                () -> SocketClient.of(ada, null, "Origin", "https://hostile.example")))
        .isEqualTo(403);
    String own = "http://localhost:" + ada.port();
    SocketClient.of(ada, null, "Origin", own).close();
    String[] token = {"Authorization", "Bearer " + ada.token()};
    assertThat(SocketClient.refusal(() -> SocketClient.offering(ada, token))).isEqualTo(400);
    assertThat(SocketClient.refusal(() -> SocketClient.offering(ada, token, "kontor.v9")))
        .isEqualTo(400);
    BankClient auditor = BANK.auditor(tenant);
    assertThat(SocketClient.refusal(() -> SocketClient.of(auditor, (String) null))).isEqualTo(403);
  }

  @Test
  void aTokenThatExpiresEndsTheConnection() throws Exception {
    try (var issuer = Issuer.start(BANK.part("devKey", DevSigningKey.class).jwk())) {
      String token = issuer.token(tenant, Duration.ofSeconds(3), "customer");
      var client = SocketClient.of(new BankClient(ada.port(), token), (String) null);
      assertThat(client.closed()).isEqualTo(4401);
    }
  }

  @Test
  void anApiKeyThatIsRevokedEndsTheConnection() throws Exception {
    BankClient creator = BANK.anyone().withRoles(tenant, "adam", List.of("admin", "teller"));
    Answer created =
        creator
            .post("/v1/api-keys", "{'name':'n','scopes':['teller'],'validForDays':1}")
            .expect(201);
    var client = SocketClient.of(new BankClient(ada.port(), created.text("key")), (String) null);
    creator.send("DELETE", "/v1/api-keys/" + created.text("id"), "").expect(204);
    assertThat(client.closed()).isEqualTo(4401);
  }

  @Test
  void aUserHasSoManyConnections() throws Exception {
    List<SocketClient> open = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      open.add(SocketClient.of(ada, (String) null));
    }
    assertThat(SocketClient.refusal(() -> SocketClient.of(ada, (String) null))).isEqualTo(429);
    ada.get(NEWS + "/stream").expect(429);
    for (SocketClient client : open) {
      client.close();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> ada.get(NEWS + "/stream").expect(200));
  }

  @Test
  void staffSeesWhoIsThere() throws Exception {
    assertThat(present(teller)).isFalse();
    var client = SocketClient.of(ada, (String) null);
    await().atMost(Duration.ofSeconds(60)).until(() -> present(teller));
    assertThat(present(BANK.teller(BANK.newTenant()))).as("in another tenant").isFalse();
    client.close();
    await().atMost(Duration.ofSeconds(60)).until(() -> !present(teller));
  }

  private static boolean present(BankClient staff) {
    return staff.get("/v1/presence/ada").expect(200).json().path("present").asBoolean();
  }

  /** It does not even read, so that it answers no ping. */
  @Test
  void aClientThatTakesNothingIsCutOffAndGoesOnFromTheStore() throws Exception {
    try (var deaf = new Socket("localhost", ada.port())) {
      String handshake =
          """
          GET %s/stream HTTP/1.1
          Host: localhost:%d
          Connection: Upgrade
          Upgrade: websocket
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Sec-WebSocket-Protocol: kontor.v1
          Authorization: Bearer %s

          """
              .formatted(NEWS, ada.port(), ada.token());
      deaf.getOutputStream().write(handshake.replace("\n", "\r\n").getBytes(US_ASCII));
      await().atMost(Duration.ofSeconds(60)).until(() -> present(teller));
      Answer deposited = teller.deposit(account, "1.00").expect(200);
      await().atMost(Duration.ofMinutes(2)).until(() -> !present(teller));

      var again = SocketClient.of(ada, (String) null);
      assertThat(again.next(1)).isEqualTo(ids(ada.getAfter(deposited, NEWS)));
      again.close();
    }
  }

  @Test
  void aClientThatSendsSomethingElseIsClosed() throws Exception {
    for (String message : List.of("null", "[]", "{}", "{\"ack\":1}", "{\"ack\":\"x\"}", "x")) {
      var client = SocketClient.of(ada, (String) null);
      client.send(message);
      assertThat(client.closed()).as(message).isEqualTo(1007);
    }
    var client = SocketClient.of(ada, (String) null);
    client.send("{\"ack\":\"" + "1".repeat(600) + "\"}");
    assertThat(client.closed()).isEqualTo(1009);
  }

  private static List<String> ids(Answer page) {
    return page.expect(200)
        .json()
        .path("items")
        .valueStream()
        .map(one -> one.path("id").asString())
        .toList();
  }
}

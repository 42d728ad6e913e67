package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Notifications over HTTP; which event notifies of what has tests where they are made. */
class NotificationsTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String NEWS = "/v1/notifications";

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient ada = BANK.customer(tenant, "ada");
  private final BankClient bob = BANK.customer(tenant, "bob");
  private final String from = teller.openAccount("ada", "EUR");
  private final String to = teller.openAccount("bob", "EUR");

  @Test
  void bothSidesOfATransferAreNotifiedAndSeeTheirOwn() {
    teller.deposit(from, "100.00").expect(200);
    Answer sent = teller.transfer(from, to, "40.00").expect(201);
    assertThat(kinds(ada, sent)).containsExactly("MONEY_OUT", "MONEY_IN");
    JsonNode received = bob.getAfter(sent, NEWS).expect(200).json().at("/items/0");
    assertThat(received.path("kind").asString()).isEqualTo("TRANSFER_RECEIVED");
    assertThat(received.at("/data/account").asString()).isEqualTo(to);
    assertThat(received.at("/data/transfer").asString()).isEqualTo(sent.text("id"));
    assertThat(received.at("/data/amount/amount").asString()).isEqualTo("40.00");
    assertThat(BANK.customer(BANK.newTenant(), "ada").get(NEWS).expect(200).json().path("items"))
        .as("a customer of the same name in another tenant")
        .isEmpty();
    BANK.auditor(tenant).get(NEWS).expect(403);
  }

  @Test
  void whatIsReadIsNotUnread() {
    Answer last = null;
    for (int i = 0; i < 3; i++) {
      last = teller.deposit(from, "1.00").expect(200);
    }
    assertThat(unread(last)).isEqualTo(3);
    String id = ada.get(NEWS).json().at("/items/0/id").asString();
    bob.post(NEWS + "/" + id + "/read", "").expect(404);
    ada.post(NEWS + "/" + id + "/read", "").expect(204);
    assertThat(unread(last)).isEqualTo(2);
    assertThat(ada.list(NEWS + "?unread=true")).hasSize(2);
    assertThat(ada.list(NEWS + "?unread=false")).hasSize(1);
    ada.post(NEWS + "/read-all", "").expect(204);
    assertThat(unread(last)).isZero();
    assertThat(ada.list(NEWS)).hasSize(3).allMatch(one -> one.path("read").asBoolean());
  }

  @Test
  void aCustomerIsNotifiedWhenTheBalanceCrossesAThreshold() {
    String alerts = "/v1/accounts/%s/alerts".formatted(from);
    Answer first = teller.deposit(from, "100.00").expect(200);
    ada.getAfter(first, "/v1/accounts/" + from).expect(200);
    String body = "{'below':%s}".formatted(BankClient.euros("50.00"));
    bob.put(alerts, body).expect(404);
    ada.put(alerts, body).expect(204);
    assertThat(ada.get(alerts).expect(200).amount("below")).isEqualTo("50.00");
    assertThat(ada.put(alerts, body.replace("EUR", "USD")).expect(422).slug())
        .isEqualTo("currency-mismatch");
    Answer last = teller.withdraw(from, "60.00").expect(200);
    assertThat(kinds(ada, last)).containsExactly("BALANCE_BELOW", "MONEY_OUT", "MONEY_IN");
    ada.put(alerts, "{}").expect(204);
    assertThat(ada.get(alerts).expect(200).json()).isEmpty();
  }

  @Test
  void aCustomerIsNotifiedOfAStatementThatIsReady() {
    String statement = teller.statement(from);
    JsonNode ready = ada.get(NEWS).expect(200).json().at("/items/0");
    assertThat(ready.path("kind").asString()).isEqualTo("STATEMENT_READY");
    assertThat(ready.at("/data/statement").asString()).isEqualTo(statement);
    assertThat(ready.at("/data/account").asString()).isEqualTo(from);
    assertThat(bob.list(NEWS)).isEmpty();
  }

  @Test
  void mutedKindsDoNotComeAndAForgottenPersonsGo() {
    String both = "{'muted':['MONEY_OUT'],'listOnly':['MONEY_IN','MONEY_OUT']}";
    assertThat(ada.put(NEWS + "/preferences", both).expect(400).http().body())
        .contains("MONEY_OUT is muted");
    ada.put(NEWS + "/preferences", "{'muted':['MONEY_OUT','MONEY_OUT']}").expect(204);
    assertThat(ada.get(NEWS + "/preferences").expect(200).json().path("muted")).hasSize(1);
    teller.deposit(from, "10.00").expect(200);
    Answer last = teller.withdraw(from, "5.00").expect(200);
    assertThat(kinds(ada, last)).containsExactly("MONEY_IN");
    BANK.admin(tenant).send("DELETE", "/v1/admin/data-subjects/ada", null).expect(204);
    assertThat(kinds(ada, teller.withdraw(from, "5.00").expect(200))).containsExactly("MONEY_OUT");
    assertThat(ada.get(NEWS + "/preferences").expect(200).json().path("muted")).isEmpty();
  }

  @Test
  void aStreamGoesOnWhereTheLastOneEnded() {
    teller.deposit(from, "200.00").expect(200);
    String transfer = BankClient.transferBody(from, to, "1.00");
    Answer sent =
        teller
            .post(
                "/v1/transfers/bulk",
                "{'transfers':[" + (transfer + ",").repeat(120) + transfer + "]}")
            .expect(200);
    List<String> made = ids(ada.getAfter(sent, NEWS + "?limit=200").expect(200));
    Answer begun = ada.get(NEWS + "/stream").expect(200);
    assertThat(begun.header("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
    List<String> seen = new ArrayList<>(streamed(begun));
    while (seen.size() < made.size()) {
      seen.addAll(streamed(ada.get(NEWS + "/stream", "Last-Event-ID", seen.getLast())));
    }
    assertThat(seen).as("more than a page").isEqualTo(made.reversed());
    String last = made.get(1);
    Answer next = teller.deposit(from, "1.00").expect(200);
    String newest = ids(ada.getAfter(next, NEWS + "?limit=1")).getFirst();
    ada.post(NEWS + "/read-all", "").expect(204);
    assertThat(streamed(ada.get(NEWS + "/stream", "Last-Event-ID", last)))
        .as("those after it, read or not")
        .containsExactly(made.getFirst(), newest);
    assertThat(streamed(ada.get(NEWS + "/stream"))).as("unread ones").isEmpty();
    String foreign = ids(bob.get(NEWS + "?limit=1")).getFirst();
    assertThat(streamed(ada.get(NEWS + "/stream", "Last-Event-ID", foreign)))
        .as("another user's is as good as none")
        .isEmpty();
  }

  @Test
  void aKindThatIsWantedInTheListOnlyIsNotStreamed() {
    ada.put(NEWS + "/preferences", "{'muted':[],'listOnly':['MONEY_OUT']}").expect(204);
    assertThat(ada.get(NEWS + "/preferences").expect(200).json().path("listOnly").toString())
        .isEqualTo("[\"MONEY_OUT\"]");
    teller.deposit(from, "10.00").expect(200);
    Answer last = teller.withdraw(from, "5.00").expect(200);
    List<String> made = ids(ada.getAfter(last, NEWS));
    assertThat(kinds(ada, last)).containsExactly("MONEY_OUT", "MONEY_IN");
    assertThat(streamed(ada.get(NEWS + "/stream"))).containsExactly(made.getLast());
  }

  private static List<String> streamed(Answer stream) {
    return Pattern.compile("id: (\\S+)\nevent: notification\n")
        .matcher(stream.expect(200).http().body())
        .results()
        .map(event -> event.group(1))
        .toList();
  }

  private static List<String> ids(Answer page) {
    return page.expect(200)
        .json()
        .path("items")
        .valueStream()
        .map(one -> one.path("id").asString())
        .toList();
  }

  private List<String> kinds(BankClient user, Answer after) {
    return user.getAfter(after, NEWS)
        .expect(200)
        .json()
        .path("items")
        .valueStream()
        .map(one -> one.path("kind").asString())
        .toList();
  }

  private long unread(Answer after) {
    return ada.getAfter(after, NEWS + "/unread-count").expect(200).json().path("unread").asLong();
  }
}

package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A caller can neither see nor change another's data, nor learn that it exists, wherever the data
 * of each tenant lies, and through a gateway as around it.
 */
@Tag("system")
@ParameterizedClass
@EnumSource(HttpAttackTest.Placement.class)
class HttpAttackTest {
  private static final String UNKNOWN = Endpoint.UNKNOWN;
  private static final Set<String> TENANT_ROLES =
      Set.of("teller", "customer", "auditor", "admin", "clearing");

  /**
   * Headers that differ between responses, the last because each connection serves a hundred
   * requests.
   */
  private static final Set<String> OF_EACH_ANSWER =
      Set.of("date", "traceparent", "kontor-correlation-id", "connection");

  /** Where the data of the two tenants is, and how it is attacked. */
  enum Placement {
    BOTH_IN_SHARED_TABLES,
    BOTH_IN_SHARED_TABLES_BEHIND_A_GATEWAY,
    VICTIM_IN_A_SCHEMA_OF_ITS_OWN,
    VICTIM_IN_A_DATABASE_AND_ATTACKER_IN_A_SCHEMA
  }

  private static BankFixture bank;
  private static String victim;
  private static String attacker;
  private static BankClient victimsTeller;
  private static String account;
  private static String other;
  private static String hold;
  private static String transfer;
  private static String entry;
  private static String order;
  private static String payment;
  private static String notification;
  private static String standingOrder;
  private static String own;
  private static String ownHold;

  @Parameter private Placement placement;

  @BeforeParameterizedClassInvocation
  static void openAccounts(Placement placement) {
    bank =
        placement == Placement.BOTH_IN_SHARED_TABLES_BEHIND_A_GATEWAY
            ? GatewayFixture.bank()
            : BankFixture.running();
    victim =
        switch (placement) {
          case BOTH_IN_SHARED_TABLES, BOTH_IN_SHARED_TABLES_BEHIND_A_GATEWAY -> bank.newTenant();
          case VICTIM_IN_A_SCHEMA_OF_ITS_OWN -> bank.newTenantIn(TenantIsolation.SCHEMA);
          case VICTIM_IN_A_DATABASE_AND_ATTACKER_IN_A_SCHEMA ->
              bank.newTenantIn(TenantIsolation.DATABASE);
        };
    attacker =
        placement == Placement.VICTIM_IN_A_DATABASE_AND_ATTACKER_IN_A_SCHEMA
            ? bank.newTenantIn(TenantIsolation.SCHEMA)
            : bank.newTenant();
    victimsTeller = bank.teller(victim);
    account = victimsTeller.openAccount();
    other = victimsTeller.openAccount();
    victimsTeller.deposit(account, "100.00").expect(200);
    hold = victimsTeller.placeHold(account, "10.00").expect(201).text("id");
    Answer sent = victimsTeller.transfer(account, other, "5.00").expect(201);
    transfer = sent.text("id");
    entry = sent.text("entryId");
    victimsTeller.offer("MUG-1", "1.00", 10);
    order = victimsTeller.order(victimsTeller.openAccount("cust-43", "EUR"), "MUG-1", 1).text("id");
    payment =
        victimsTeller
            .pay(victimsTeller.openAccount("cust-43", "EUR"), "1.00")
            .expect(202)
            .text("id");
    BankClient owner = bank.customer(victim, "cust-42");
    notification =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> owner.list("/v1/notifications"), news -> !news.isEmpty())
            .getFirst()
            .path("id")
            .asString();
    standingOrder = victimsTeller.createStandingOrder(account, other).expect(201).text("id");
    BankClient teller = bank.teller(attacker);
    own = teller.openAccount("mallory", "EUR");
    teller.deposit(own, "100.00").expect(200);
    Answer held = teller.placeHold(own, "10.00").expect(201);
    ownHold = held.text("id");
    // Both tenants' read models are up to here from now on.
    teller.getAfter(held, "/v1/accounts/" + own).expect(200);
    teller.getAfter(held, "/v1/transfers").expect(200);
    bank.auditor(attacker).getAfter(held, "/v1/ledger/trial-balance").expect(200);
  }

  @AfterParameterizedClassInvocation
  static void closeTenants(Placement placement) {
    switch (placement) {
      case BOTH_IN_SHARED_TABLES, BOTH_IN_SHARED_TABLES_BEHIND_A_GATEWAY -> {}
      case VICTIM_IN_A_SCHEMA_OF_ITS_OWN -> bank.closeTenant(victim);
      case VICTIM_IN_A_DATABASE_AND_ATTACKER_IN_A_SCHEMA -> {
        bank.closeTenant(victim);
        bank.closeTenant(attacker);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withId")
  void anotherTenantsIdIsAnsweredLikeAnUnknownOne(Endpoint endpoint) {
    String foreign = idFor(endpoint);
    for (String role : endpoint.roles()) {
      BankClient caller = caller(attacker, role);
      Answer unknown = endpoint.send(caller, UNKNOWN).expect(404);
      assertAlike(endpoint.send(caller, foreign), foreign, unknown, UNKNOWN);
      Answer conditional =
          caller.send(
              endpoint.method(),
              endpoint.path(foreign),
              endpoint.sent(foreign),
              "If-Match",
              "\"77\"",
              "Idempotency-Key",
              BankClient.newKey());
      assertAlike(conditional, foreign, unknown, UNKNOWN);
    }
  }

  /** Ids that stand in queries and bodies: {id} is a foreign or an unknown one. */
  static Stream<String> callsWithIdsElsewhere() {
    String amount = "'amount':{'amount':'1.00','currency':'EUR'},'reference':'r'";
    return Stream.of(
        "teller GET /v1/transfers?account={id}",
        "customer GET /v1/transfers?account={id}",
        "auditor GET /v1/transfers?account={id}",
        "auditor GET /v1/admin/events?stream={id}",
        "admin GET /v1/admin/events?stream={id}",
        "teller POST /v1/accounts/{own}/holds/{id}/release",
        "teller POST /v1/accounts/{own}/holds/{id}/capture",
        "teller POST /v1/accounts/{id}/holds/{ownHold}/release",
        "teller POST /v1/accounts/{id}/holds/{hold}/release",
        "teller POST /v1/accounts/{id}/holds/{hold}/capture",
        "teller POST /v1/payments " + BankClient.paymentBody("{id}", "1.00"),
        "customer POST /v1/payments " + BankClient.paymentBody("{id}", "1.00"),
        "teller GET /v1/payments?account={id}",
        "customer POST /v1/standing-orders "
            + BankClient.standingOrderBody("{id}", "{own}", "2099-01-31"),
        "teller POST /v1/standing-orders "
            + BankClient.standingOrderBody("{own}", "{id}", "2099-01-31"),
        "customer GET /v1/standing-orders?account={id}",
        "customer GET /v1/payments?account={id}",
        "teller POST /v1/orders " + BankClient.orderBody("{id}", "MUG-1", 1),
        "customer POST /v1/orders " + BankClient.orderBody("{id}", "MUG-1", 1),
        "teller POST /v1/transfers {'from':'{id}','to':'{own}'," + amount + "}",
        "teller POST /v1/transfers {'from':'{own}','to':'{id}'," + amount + "}",
        "customer POST /v1/transfers {'from':'{id}','to':'{own}'," + amount + "}",
        "customer POST /v1/transfers {'from':'{own}','to':'{id}'," + amount + "}",
        "teller POST /v1/transfers/bulk {'transfers':[{'from':'{id}','to':'{own}',"
            + amount
            + "}]}",
        "teller POST /v1/transfers/bulk {'transfers':[{'from':'{own}','to':'{id}',"
            + amount
            + "}]}");
  }

  @ParameterizedTest
  @MethodSource("callsWithIdsElsewhere")
  void soIsAnIdThatStandsElsewhere(String call) {
    String[] words = call.split(" ", 4);
    String foreign = words[2].contains("holds/{id}") ? hold : account;
    BankClient caller = caller(attacker, words[0]);
    assertAlike(send(caller, words, foreign), foreign, send(caller, words, UNKNOWN), UNKNOWN);
  }

  @Test
  void aHoldOfAnotherAccountIsAnsweredLikeAnUnknownOne() {
    for (String what : List.of("release", "capture")) {
      String path = "/v1/accounts/%s/holds/%s/" + what;
      assertAlike(
          victimsTeller.post(path.formatted(other, hold), ""),
          hold,
          victimsTeller.post(path.formatted(other, UNKNOWN), ""),
          UNKNOWN);
    }
  }

  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withId")
  void anotherCustomersIdIsAnsweredToACustomerLikeAnUnknownOne(Endpoint endpoint) {
    if (endpoint.roles().contains("customer")) {
      BankClient stranger = bank.customer(victim, "mallory");
      String foreign = idFor(endpoint);
      assertAlike(
          endpoint.send(stranger, foreign), foreign, endpoint.send(stranger, UNKNOWN), UNKNOWN);
    }
  }

  @Test
  void aCustomerSeesAndMovesOnlyItsOwn() {
    BankClient owner = bank.customer(victim, "cust-42");
    BankClient stranger = bank.customer(victim, "mallory");
    assertThat(owner.list("/v1/accounts")).hasSize(2);
    assertThat(owner.list("/v1/transfers")).hasSize(1);
    assertThat(owner.get("/v1/transfers/" + transfer).status()).isEqualTo(200);
    for (String list : List.of("/v1/accounts", "/v1/accounts?customer=cust-42", "/v1/transfers")) {
      assertThat(stranger.list(list)).as(list).isEmpty();
    }
    String theirs = victimsTeller.openAccount("mallory", "EUR");
    Answer foreign = stranger.transfer(account, theirs, "1.00");
    Answer unknown = stranger.transfer(UNKNOWN, theirs, "1.00");
    assertAlike(foreign, account, unknown.expect(404), UNKNOWN);
    Answer listed = stranger.get("/v1/transfers?account=" + account);
    assertAlike(listed, account, stranger.get("/v1/transfers?account=" + UNKNOWN), UNKNOWN);
  }

  @Test
  void aTenantThatIsNamedOutsideTheTokenChangesNothing() {
    BankClient teller = bank.teller(attacker);
    String[] headers = {
      "Tenant",
      victim,
      "X-Tenant",
      victim,
      "X-Tenant-Id",
      victim,
      "Kontor-Tenant",
      victim,
      "X-Forwarded-Host",
      victim + ".kontor.example",
      "X-Forwarded-User",
      "tim",
      "Forwarded",
      "host=" + victim
    };
    assertThat(teller.list("/v1/accounts?tenant=" + victim + "&tenant_id=" + victim, headers))
        .hasSize(1)
        .allSatisfy(shown -> assertThat(shown.path("id").asString()).isEqualTo(own));
    assertThat(teller.get("/v1/accounts/" + account + "?tenant=" + victim, headers).status())
        .isEqualTo(404);
    assertThat(teller.get("/v1/accounts/" + victim + "%2F" + account).status()).isIn(400, 404);
    assertThat(
            teller
                .post(
                    "/v1/accounts",
                    "{'tenant':'%s','customer':'c','owner':'o','currency':'EUR'}".formatted(victim))
                .expect(400)
                .http()
                .body())
        .contains("/tenant");
    assertThat(
            teller
                .post(
                    "/v1/accounts/%s/deposits?tenant=%s".formatted(account, victim),
                    BankClient.movement("1.00"))
                .status())
        .isEqualTo(404);
  }

  @Test
  void listsAndBooksShowTheCallersTenantOnly() {
    BankClient auditor = bank.auditor(attacker);
    for (String list : List.of("/v1/accounts", "/v1/transfers", "/v1/admin/events")) {
      assertThat(auditor.list(list).toString())
          .as(list)
          .doesNotContain(account, other, transfer, entry, victim);
    }
    assertThat(auditor.get("/v1/ledger/trial-balance").expect(200).http().body())
        .contains("\"100.00\"")
        .doesNotContain("105.00", "200.00");
  }

  @Test
  void aCursorOfAnotherTenantLeadsThroughOwnRowsOnly() {
    String next =
        String.valueOf(
            bank.auditor(victim).get("/v1/admin/events?limit=1").expect(200).text("next"));
    Answer page = bank.auditor(attacker).get("/v1/admin/events?cursor=" + next).expect(200);
    assertThat(page.http().body()).doesNotContain(account, victim);
  }

  @Test
  void aKeyThatAnotherTenantUsedIsNew() {
    String key = BankClient.newKey();
    Answer first =
        victimsTeller.post(
            "/v1/accounts",
            "{'customer':'c','owner':'o','currency':'EUR'}",
            "Idempotency-Key",
            key);
    Answer second =
        bank.teller(attacker)
            .post(
                "/v1/accounts",
                "{'customer':'mallory','owner':'o','currency':'EUR'}",
                "Idempotency-Key",
                key);
    assertThat(second.expect(201).isReplayed()).isFalse();
    assertThat(second.text("id")).isNotEqualTo(first.expect(201).text("id"));
    // The lists of the other tests stay as they were.
    bank.teller(attacker).close(second.text("id")).expect(200);
  }

  @Test
  void whatWasAttackedIsAsItWas() {
    Answer shown = victimsTeller.get("/v1/accounts/" + account).expect(200);
    assertThat(shown.amount("balance")).as("%s", placement).isEqualTo("95.00");
    assertThat(shown.amount("held")).isEqualTo("10.00");
    assertThat(shown.text("status")).isEqualTo("OPEN");
    assertThat(victimsTeller.get("/v1/accounts/" + other).amount("balance")).isEqualTo("5.00");
  }

  private static void assertAlike(
      Answer foreign, String foreignId, Answer unknown, String unknownId) {
    assertThat(foreign.status()).isEqualTo(unknown.status());
    assertThat(headers(foreign)).isEqualTo(headers(unknown));
    assertThat(neutral(foreign, foreignId)).isEqualTo(neutral(unknown, unknownId));
  }

  private static Map<String, List<String>> headers(Answer answer) {
    var headers = new TreeMap<>(answer.http().headers().map());
    headers.keySet().removeAll(OF_EACH_ANSWER);
    return headers;
  }

  private static String neutral(Answer answer, String id) {
    return answer.http().body().replace(id, "the id");
  }

  private static Answer send(BankClient caller, String[] words, String id) {
    return caller.send(
        words[1],
        filled(words[2], id),
        words.length > 3 ? filled(words[3], id) : null,
        "Idempotency-Key",
        BankClient.newKey());
  }

  private static String filled(String text, String id) {
    return text.replace("{id}", id)
        .replace("{own}", own)
        .replace("{ownHold}", ownHold)
        .replace("{hold}", hold);
  }

  private static String idFor(Endpoint endpoint) {
    String pattern = endpoint.pattern();
    if (pattern.startsWith("/v1/accounts")) {
      return account;
    }
    if (pattern.startsWith("/v1/orders") || pattern.startsWith("/v1/admin/sagas")) {
      return order;
    }
    if (pattern.startsWith("/v1/payments")) {
      return payment;
    }
    if (pattern.startsWith("/v1/notifications")) {
      return notification;
    }
    if (pattern.startsWith("/v1/standing-orders")) {
      return standingOrder;
    }
    return pattern.startsWith("/v1/transfers") ? transfer : entry;
  }

  private static BankClient caller(String tenant, String role) {
    return TENANT_ROLES.contains(role)
        ? bank.anyone().withToken(tenant, "mallory", role)
        : bank.operator();
  }
}

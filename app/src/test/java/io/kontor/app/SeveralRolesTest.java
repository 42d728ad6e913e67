package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A token with several roles may do what each of them alone may do, and nothing more. */
@Tag("system")
class SeveralRolesTest {
  private static final List<String> ROLES =
      List.of("teller", "customer", "auditor", "admin", "clearing");

  private static final BankFixture BANK = BankFixture.running();
  private static final Map<Set<String>, BankClient> CALLERS = new HashMap<>();

  private static String tenant;

  /** What belongs to the caller, and what belongs to another customer. */
  private static Belongings own;

  private static Belongings others;

  /** How far a call gets: the door is closed, it is open and there is nothing, or it is done. */
  enum Reach {
    CLOSED,
    NOTHING_THERE,
    OPEN
  }

  record Belongings(
      String account,
      String second,
      String hold,
      String transfer,
      String entry,
      String order,
      String payment,
      String standingOrder,
      String statement,
      String notification) {
    static Belongings of(BankClient teller, String customer) {
      String account = teller.openAccount(customer, "EUR");
      String second = teller.openAccount(customer, "EUR");
      teller.deposit(account, "1000.00").expect(200);
      Answer transfer = teller.transfer(account, second, "5.00").expect(201);
      return new Belongings(
          account,
          second,
          teller.placeHold(account, "1.00").expect(201).text("id"),
          transfer.text("id"),
          transfer.text("entryId"),
          teller.orderAndWait(account, "MUG-1", 1).text("id"),
          teller
              .post(
                  "/v1/payments",
                  BankClient.paymentBody(account, "1.00"),
                  "Idempotency-Key",
                  BankClient.newKey(),
                  "Prefer",
                  "wait=30")
              .expect(200)
              .text("id"),
          teller.createStandingOrder(account, second).expect(201).text("id"),
          teller.statement(account),
          notification(customer));
    }

    private static String notification(String customer) {
      BankClient owner = BANK.customer(tenant, customer);
      return await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> owner.list("/v1/notifications"), news -> !news.isEmpty())
          .getFirst()
          .path("id")
          .asString();
    }

    /** The id that a call's path stands for. */
    String idFor(Endpoint call) {
      String path = call.pattern();
      if (path.startsWith("/v1/transfers")) {
        return path.contains("account=") ? account : transfer;
      }
      if (path.startsWith("/v1/payments")) {
        return path.contains("account=") ? account : payment;
      }
      if (path.startsWith("/v1/standing-orders")) {
        return path.contains("account=") ? account : standingOrder;
      }
      if (path.startsWith("/v1/orders") || path.startsWith("/v1/admin/sagas")) {
        return order;
      }
      if (path.startsWith("/v1/notifications")) {
        return notification;
      }
      return path.startsWith("/v1/ledger") ? entry : account;
    }
  }

  @BeforeAll
  static void openAccounts() {
    tenant = BANK.newTenant();
    BankClient teller = BANK.teller(tenant);
    teller.offer("MUG-1", "1.00", 1000);
    own = Belongings.of(teller, "alice");
    others = Belongings.of(teller, "bob");
    Answer last = teller.deposit(own.second(), "1.00").expect(200);
    for (String list :
        List.of("/v1/accounts", "/v1/transfers", "/v1/payments", "/v1/standing-orders")) {
      teller.getAfter(last, list).expect(200);
    }
    BANK.auditor(tenant).getAfter(last, "/v1/ledger/trial-balance").expect(200);
    BankClient admin = BANK.admin(tenant);
    await().atMost(Duration.ofSeconds(60)).until(() -> admin.list("/v1/admin/sagas").isEmpty());
  }

  /** Every call there is, and lists that are narrowed to one account or customer. */
  static Stream<Endpoint> calls() {
    return Stream.concat(
        Endpoint.ALL.stream().filter(call -> !call.roles().isEmpty()),
        Stream.of(
            list("GET /v1/transfers?account={id}"),
            list("GET /v1/payments?account={id}"),
            list("GET /v1/standing-orders?account={id}"),
            list("GET /v1/accounts?customer=bob")));
  }

  private static Endpoint list(String call) {
    return new Endpoint(call, Set.of("teller", "customer", "auditor"), false, null);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void twoRolesMayDoWhatEachAloneMayDo(Endpoint call) {
    for (Belongings target : List.of(own, others)) {
      Map<String, Reach> alone = new HashMap<>();
      for (String role : ROLES) {
        alone.put(role, reach(Set.of(role), call, target));
      }
      assertThat(alone.get("customer"))
          .as("%s as a customer", call)
          .isIn(expectedOfCustomer(call, target));
      for (Set<String> together : combinations()) {
        Reach most = together.stream().map(alone::get).max(Reach::compareTo).orElseThrow();
        assertThat(reach(together, call, target))
            .as("%s of %s as %s", call, target.equals(own) ? "their own" : "another's", together)
            .isEqualTo(most);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void anOperatorWithAnotherRoleMayDoNothing(Endpoint call) throws JOSEException {
    for (String role : ROLES) {
      for (String of : new String[] {tenant, null}) {
        BankClient caller = new BankClient(BANK.anyone().port(), operatorAnd(role, of));
        assertThat(send(caller, call, own).expect(403).slug())
            .as("%s and %s", call, role)
            .isEqualTo("forbidden");
      }
    }
  }

  /** Seen once: an auditor's role lifted the owner check of a call that it does not open. */
  @Test
  void aCustomerWhoIsAnAuditorTooMovesNoOtherCustomersMoney() {
    BankClient caller = caller(Set.of("customer", "auditor"));
    assertThat(caller.transfer(others.account(), own.account(), "1.00").status()).isEqualTo(404);
    assertThat(caller.get("/v1/accounts/" + others.account()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void headAnswersAsGetWithoutABody(Endpoint call) {
    if (call.isChange()) {
      return;
    }
    String path = call.path(own.idFor(call));
    for (String role : ROLES) {
      BankClient caller = caller(Set.of(role));
      Answer get = caller.get(path);
      Answer head = caller.send("HEAD", path, null);
      assertThat(head.status()).as("%s as %s", call, role).isEqualTo(get.status());
      assertThat(head.http().body()).isEmpty();
      for (String name : List.of("Content-Type", "ETag", "Cache-Control")) {
        assertThat(head.header(name)).as(name).isEqualTo(get.header(name));
      }
    }
  }

  private static Set<Reach> expectedOfCustomer(Endpoint call, Belongings target) {
    if (!call.roles().contains("customer")) {
      return Set.of(Reach.CLOSED);
    }
    boolean concernsNoOne = call.pattern().startsWith("/v1/products");
    boolean isOfTheCaller = isOfTheCaller(call) && !hasId(call);
    boolean isTheirs = target.equals(own) && !call.pattern().endsWith("customer=bob");
    return Set.of(isTheirs || isOfTheCaller || concernsNoOne ? Reach.OPEN : Reach.NOTHING_THERE);
  }

  /** Every pair, and all together. */
  private static List<Set<String>> combinations() {
    List<Set<String>> combinations = new ArrayList<>();
    for (int first = 0; first < ROLES.size(); first++) {
      for (int second = first + 1; second < ROLES.size(); second++) {
        combinations.add(Set.of(ROLES.get(first), ROLES.get(second)));
      }
    }
    combinations.add(Set.copyOf(ROLES));
    return combinations;
  }

  private static Reach reach(Set<String> roles, Endpoint call, Belongings target) {
    Answer answer = send(caller(roles), call, target);
    assertThat(answer.status()).as("%s as %s", call, roles).isNotIn(400, 401, 405, 500, 503);
    if (answer.status() == 403) {
      return Reach.CLOSED;
    }
    if (answer.status() == 404) {
      return Reach.NOTHING_THERE;
    }
    if (call.pattern().endsWith("/bulk")) {
      boolean booked = answer.json().at("/results/0/status").asInt() != 404;
      return booked ? Reach.OPEN : Reach.NOTHING_THERE;
    }
    return isList(call) && !answer.http().body().contains(target.idFor(call))
        ? Reach.NOTHING_THERE
        : Reach.OPEN;
  }

  private static boolean isList(Endpoint call) {
    return !call.isChange() && !hasId(call) && !isOfTheCaller(call);
  }

  private static boolean isOfTheCaller(Endpoint call) {
    return call.pattern().startsWith("/v1/notifications") || call.pattern().equals("/v1/caller");
  }

  private static boolean hasId(Endpoint call) {
    return call.pattern().contains("/{");
  }

  private static Answer send(BankClient caller, Endpoint call, Belongings target) {
    String path =
        call.path(target.idFor(call))
            .replace("/holds/" + target.account(), "/holds/" + target.hold())
            .replace("/statements/" + target.account(), "/statements/" + target.statement());
    if (isList(call)) {
      path += (path.contains("?") ? "&" : "?") + "limit=200";
    }
    return caller.send(
        call.method(), path, body(call, target), "Idempotency-Key", BankClient.newKey());
  }

  private static @Nullable String body(Endpoint call, Belongings target) {
    String transfer = BankClient.transferBody(target.account(), target.second(), "1.00");
    if (call.pattern().endsWith("/bulk")) {
      return "{'transfers':[" + transfer + "]}";
    }
    String body = call.sent();
    return body == null
        ? null
        : body.replace("'reference':'{account}'", "'reference':'" + target.payment() + "'")
            .replace("{account}", target.account())
            .replace("{other}", target.second());
  }

  private static BankClient caller(Set<String> roles) {
    return CALLERS.computeIfAbsent(
        roles, together -> BANK.anyone().withRoles(tenant, "alice", together));
  }

  private static String operatorAnd(String role, @Nullable String of) throws JOSEException {
    return AuthorizationAttackTest.signed(
        new JWTClaimsSet.Builder()
            .subject("alice")
            .claim("exp", Instant.now().plusSeconds(600).getEpochSecond())
            .claim("tenant", of)
            .claim("roles", List.of("operator", role)));
  }
}

package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.kontor.dev.DevSigningKey;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** A caller can neither see nor change another's data, nor learn that it exists. */
class HttpAttackTest {
  private static final String UNKNOWN = "0198c0de-0000-7000-8000-00000000dead";
  private static final Set<String> TENANT_ROLES =
      Set.of("teller", "customer", "auditor", "admin", "clearing");

  /**
   * Headers that differ between responses, the last because each connection serves a hundred
   * requests.
   */
  private static final Set<String> OF_EACH_ANSWER =
      Set.of("date", "traceparent", "kontor-correlation-id", "connection");

  private static final List<String> ENDPOINTS = mapped();

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

  @BeforeAll
  static void openAccounts() {
    bank = BankFixture.running();
    victim = bank.newTenant();
    attacker = bank.newTenant();
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

  @Test
  void everyEndpointIsInTheTable() {
    assertThat(Endpoint.ALL.stream().map(Endpoint::call))
        .containsExactlyInAnyOrderElementsOf(ENDPOINTS);
  }

  @ParameterizedTest
  @FieldSource("io.kontor.app.Endpoint#ALL")
  void onlyWhoMayMakeACallGetsPastTheDoor(Endpoint endpoint) {
    if (endpoint.roles().isEmpty()) {
      return;
    }
    assertThat(send(bank.anyone(), endpoint, UNKNOWN).expect(401).slug()).isEqualTo("unauthorized");
    for (String role : Set.of("teller", "customer", "auditor", "admin", "clearing", "operator")) {
      Answer answer = send(caller(attacker, role), endpoint, UNKNOWN);
      if (endpoint.roles().contains(role)) {
        assertThat(answer.status())
            .as("%s as %s: %s", endpoint, role, answer.http().body())
            .isNotIn(401, 403, 405, 500);
      } else {
        assertThat(answer.expect(403).slug()).as("%s as %s", endpoint, role).isEqualTo("forbidden");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withId")
  void anotherTenantsIdIsAnsweredLikeAnUnknownOne(Endpoint endpoint) {
    String foreign = idFor(endpoint);
    for (String role : endpoint.roles()) {
      BankClient caller = caller(attacker, role);
      Answer unknown = send(caller, endpoint, UNKNOWN).expect(404);
      assertAlike(send(caller, endpoint, foreign), foreign, unknown, UNKNOWN);
      Answer conditional =
          caller.send(
              endpoint.method(),
              path(endpoint, foreign),
              body(endpoint, foreign),
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
          send(stranger, endpoint, foreign), foreign, send(stranger, endpoint, UNKNOWN), UNKNOWN);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "expired",
        "not yet valid",
        "no end",
        "no subject",
        "no roles",
        "roles as text",
        "roles with null",
        "roles with a number",
        "roles as an object",
        "tenant as a number",
        "tenant as a list",
        "subject with NUL",
        "subject with a line break",
        "subject of half a character",
        "subject that never ends",
        "end as text",
        "end as a list",
        "end beyond all time",
        "begin as text",
        "issued as an object",
        "another key",
        "alg none",
        "hmac with the public key"
      })
  void aTokenThatIsNotBelievedOpensNothing(String flaw) throws JOSEException {
    BankClient forger = new BankClient(bank.anyone().port(), forged(flaw));
    Answer answer = forger.get("/v1/accounts").expect(401);
    assertThat(answer.slug()).isEqualTo("unauthorized");
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(forger.post("/v1/accounts", "{}").status()).isEqualTo(401);
  }

  @Test
  void aSignedTokenWithAClaimThatIsNotTakenIsToldWhichOne() throws JOSEException {
    int port = bank.anyone().port();
    Answer answer = new BankClient(port, forged("subject with NUL")).get("/v1/accounts");
    assertThat(answer.expect(401).text("detail")).contains("sub must have 1 to 255");
    assertThat(answer.header("WWW-Authenticate")).contains("invalid_token", "sub must have");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nobody", "ACME", "../acme", "acme/x", "acme'--", "kontor", "a", "acme\u0000"})
  void aTenantThatIsNotRegisteredIsRefused(String tenant) throws JOSEException {
    BankClient caller =
        new BankClient(bank.anyone().port(), signed(claims().claim("tenant", tenant)));
    assertThat(caller.get("/v1/accounts").expect(403).slug()).isEqualTo("unknown-tenant");
  }

  @Test
  void rolesThatDoNotGoTogetherAreRefused() throws JOSEException {
    int port = bank.anyone().port();
    var operatorInATenant = claims().claim("roles", List.of("operator"));
    var operatorAndTeller =
        claims().claim("tenant", null).claim("roles", List.of("operator", "teller"));
    var tellerOfNone = claims().claim("tenant", null);
    var unknownRole = claims().claim("roles", List.of("TELLER", "root", ""));
    for (var claims : List.of(operatorInATenant, operatorAndTeller, tellerOfNone, unknownRole)) {
      assertThat(new BankClient(port, signed(claims)).get("/v1/accounts").status()).isEqualTo(403);
    }
    assertThat(
            new BankClient(port, signed(operatorInATenant)).get("/v1/admin/projections").status())
        .isEqualTo(403);
  }

  @Test
  void whatWasAttackedIsAsItWas() {
    Answer shown = victimsTeller.get("/v1/accounts/" + account).expect(200);
    assertThat(shown.amount("balance")).isEqualTo("95.00");
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

  private static Answer send(BankClient caller, Endpoint endpoint, String id) {
    return caller.send(
        endpoint.method(),
        path(endpoint, id),
        body(endpoint, id),
        "Idempotency-Key",
        BankClient.newKey());
  }

  private static Answer send(BankClient caller, String[] words, String id) {
    return caller.send(
        words[1],
        filled(words[2], id),
        words.length > 3 ? filled(words[3], id) : null,
        "Idempotency-Key",
        BankClient.newKey());
  }

  private static String path(Endpoint endpoint, String id) {
    return endpoint.path(id);
  }

  private static String body(Endpoint endpoint, String id) {
    String body = endpoint.sent();
    return body == null ? null : body.replace("{account}", id).replace("{other}", UNKNOWN);
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

  /** Method and path of every call of the API; pages of the console are no calls of their own. */
  private static List<String> mapped() {
    var mapping =
        BankFixture.running()
            .part("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    return mapping.getHandlerMethods().entrySet().stream()
        .filter(entry -> entry.getValue().getBeanType().getName().startsWith("io.kontor."))
        .filter(entry -> !entry.getValue().getBeanType().getName().startsWith("io.kontor.console."))
        .map(Map.Entry::getKey)
        .flatMap(
            info ->
                info.getPatternValues().stream()
                    .flatMap(
                        path ->
                            info.getMethodsCondition().getMethods().stream()
                                .map(method -> method + " " + path)))
        // A call may take its body in two forms.
        .distinct()
        .toList();
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("mallory")
        .claim("iat", in(0))
        .claim("exp", in(600))
        .claim("tenant", victim)
        .claim("roles", List.of("teller"));
  }

  private static long in(long seconds) {
    return Instant.now().plusSeconds(seconds).getEpochSecond();
  }

  private static String forged(String flaw) throws JOSEException {
    return switch (flaw) {
      case "garbage" -> "a.b.c";
      case "expired" -> signed(claims().claim("exp", in(-3600)));
      case "not yet valid" -> signed(claims().claim("nbf", in(300)));
      case "no end" -> signed(claims().claim("exp", null));
      case "no subject" -> signed(claims().subject(null));
      case "no roles" -> signed(claims().claim("roles", null));
      case "roles as text" -> signed(claims().claim("roles", "teller"));
      case "roles with null" -> signed(claims().claim("roles", Arrays.asList("teller", null)));
      case "roles with a number" -> signed(claims().claim("roles", List.of("teller", 7)));
      case "roles as an object" -> signed(claims().claim("roles", Map.of("teller", true)));
      case "tenant as a number" -> signed(claims().claim("tenant", 7));
      case "tenant as a list" -> signed(claims().claim("tenant", List.of(victim)));
      case "subject with NUL" -> signed(claims().subject("mallory\u0000"));
      case "subject with a line break" -> signed(claims().subject("mal\r\nlory"));
      case "subject of half a character" -> signedAsWritten(claims(), "mallory", "\\ud83d");
      case "subject that never ends" -> signed(claims().subject("x".repeat(300)));
      case "end as text" -> signed(claims().claim("exp", "tomorrow"));
      case "end as a list" -> signed(claims().claim("exp", List.of(in(600))));
      case "end beyond all time" -> signed(claims().claim("exp", 1e300));
      case "begin as text" -> signed(claims().claim("nbf", "yesterday"));
      case "issued as an object" -> signed(claims().claim("iat", Map.of()));
      case "another key" ->
          signed(
              claims(), JWSAlgorithm.RS256, new RSASSASigner(new RSAKeyGenerator(2048).generate()));
      case "alg none" -> new PlainJWT(claims().build()).serialize();
      case "hmac with the public key" ->
          signed(
              claims(),
              JWSAlgorithm.HS256,
              new MACSigner(key().jwk().toRSAPublicKey().getEncoded()));
      default -> throw new IllegalStateException(flaw);
    };
  }

  static String signed(JWTClaimsSet.Builder claims) throws JOSEException {
    return signed(claims, JWSAlgorithm.RS256, new RSASSASigner(key().jwk()));
  }

  private static String signed(
      JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
    var token = new SignedJWT(new JWSHeader(algorithm), claims.build());
    token.sign(signer);
    return token.serialize();
  }

  /** With what a library would not write for us. */
  private static String signedAsWritten(JWTClaimsSet.Builder claims, String from, String to)
      throws JOSEException {
    String json = claims.build().toString().replace(from, to);
    var token = new JWSObject(new JWSHeader(JWSAlgorithm.RS256), new Payload(json));
    token.sign(new RSASSASigner(key().jwk()));
    return token.serialize();
  }

  private static DevSigningKey key() {
    return BankFixture.running().part("devKey", DevSigningKey.class);
  }
}

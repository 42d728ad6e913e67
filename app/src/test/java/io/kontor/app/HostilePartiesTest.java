package io.kontor.app;

import static io.kontor.app.RawParty.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.app.RawParty.Asked;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * A clearing house and a carrier with arbitrary responses: each payment and order ends or waits for
 * an operator who can end it, and no hold remains.
 */
@Timeout(400)
class HostilePartiesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(150);
  private static final Pattern CASE = Pattern.compile("case-(\\d+)");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}");

  /** As long as a reference is. */
  private static final String REFERENCE = "00000000-0000-0000-0000-000000000000";

  private static final Set<String> BOOKED = Set.of("SETTLED", "REJECTED", "RETURNED");
  private static final Set<String> ENDED = Set.of("CONFIRMED", "CANCELLED");

  /** As JSON strings, without their quotes. */
  private static final Map<String, String> TEXTS = texts();

  private static final Map<String, String> NO_ANSWERS = noAnswers();

  private static final List<Case> CASES = new ArrayList<>();
  private static final Map<String, Case> ASKED = new ConcurrentHashMap<>();
  private static RawParty party;
  private static BankFixture bank;

  private final String tenant = bank.newTenant();
  private final BankClient teller = bank.teller(tenant);
  private final BankClient admin = bank.admin(tenant);
  private String account;

  /**
   * The responses of the counterparty.
   *
   * @param first to the payment or the shipment; with {@link #REFERENCE} for its reference
   * @param then to the inquiry or the cancellation
   * @param end the final state; null when an operator has to end it
   */
  record Case(String name, String first, String then, String end) {
    String answer(Asked asked, String reference) {
      String answer = asked.method().equals("PUT") ? first : then;
      return answer.replace(REFERENCE, reference);
    }
  }

  @BeforeAll
  static void open() {
    party = RawParty.start(HostilePartiesTest::answer);
    bank =
        BankFixture.start(
            "--kontor.clearing.url=" + party.url("/clearing"),
            "--kontor.clearing.open-for=10ms",
            "--kontor.clearing.longest-retry=500ms",
            "--kontor.carrier.url=" + party.url("/carrier"),
            "--kontor.carrier.open-for=10ms",
            "--kontor.carrier.first-retry=200ms",
            "--kontor.carrier.longest-retry=500ms",
            "--kontor.orders.shipping-time=15s",
            "--kontor.orders.undo-time=6s");
  }

  @AfterAll
  static void close() {
    bank.stop();
    party.close();
  }

  @BeforeEach
  void openAnAccount() {
    account = teller.openAccount();
    teller.deposit(account, "1000.00").expect(200);
  }

  @Test
  void everyPaymentEndsOrWaitsForAPersonWhoCanEndItAndNothingStaysHeld() {
    List<Case> cases = new ArrayList<>();
    TEXTS.forEach(
        (name, text) -> {
          String reason = "{\"reason\":\"%s\"}".formatted(text);
          String rejected =
              "{\"reference\":\"" + REFERENCE + "\",\"state\":\"REJECTED\",\"reason\":\"%s\"}";
          cases.add(put("refused " + name, json(422, reason), "REJECTED"));
          cases.add(put("rejected " + name, json(200, rejected.formatted(text)), "REJECTED"));
          cases.add(get("rejected later " + name, json(200, rejected.formatted(text)), "REJECTED"));
        });
    for (String reason :
        List.of("", "{}", "[]", "17", "{\"reason\":17}", "<html>", "{\"reason\":{}}")) {
      cases.add(put("refused with " + reason, json(422, reason), "REJECTED"));
    }
    NO_ANSWERS.forEach(
        (name, answer) -> {
          cases.add(put("no answer: " + name, answer, null));
          cases.add(get("no answer to the inquiry: " + name, answer, null));
        });
    Map<String, Case> payments = new LinkedHashMap<>();
    for (Case one : cases) {
      String body = BankClient.paymentBody(account, "1.00").replace("invoice", register(one));
      payments.put(teller.post("/v1/payments", body).expect(202).text("id"), one);
    }

    Map<String, JsonNode> ended = new LinkedHashMap<>();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              teller.list("/v1/payments").forEach(now -> ended.put(now.path("id").asString(), now));
              retryWhatWillBeAnswered(payments, ended);
              assertThat(open(payments, ended)).isEmpty();
            });

    Map<String, String> unexpected = new TreeMap<>();
    payments.forEach(
        (id, one) -> {
          JsonNode end = ended.get(id);
          boolean asWanted =
              one.end() == null
                  ? needsAttention(end)
                  : end.path("status").asString().equals(one.end());
          if (!asWanted) {
            unexpected.put(one.name(), end.toString());
          }
        });
    assertThat(unexpected).isEmpty();
    payments.forEach(
        (id, one) -> {
          if (one.end() == null) {
            String found = "{'outcome':'REJECTED','reason':'by phone'}";
            teller.post("/v1/payments/%s/resolve".formatted(id), found).expect(202);
          }
        });
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(teller.list("/v1/payments"))
                    .allMatch(now -> now.path("status").asString().equals("REJECTED")));
    assertMoney("1000.00");
  }

  @Test
  void aNotificationIsBookedHoweverItIsWorded() {
    String taken = json(202, "{\"reference\":\"" + REFERENCE + "\",\"state\":\"ACCEPTED\"}");
    String body =
        BankClient.paymentBody(account, "1.00")
            .replace("invoice", register(new Case("taken", taken, taken, "REJECTED")));
    Map<String, String> payments = new LinkedHashMap<>();
    TEXTS.forEach(
        (name, text) ->
            payments.put(teller.post("/v1/payments", body).expect(202).text("id"), name));
    BankClient clearing = bank.clearing(tenant);
    payments.forEach(
        (id, name) -> {
          await().atMost(TIMEOUT).until(() -> !status(id).equals("REQUESTED"));
          String notification =
              "{'messageId':'m-%s','reference':'%s','state':'REJECTED','reason':'%s'}"
                  .formatted(id, id, TEXTS.get(name));
          assertThat(clearing.send("POST", "/v1/clearing/notifications", notification).status())
              .as(name)
              .isEqualTo(200);
        });
    payments.forEach(
        (id, name) -> await().atMost(TIMEOUT).until(() -> status(id).equals("REJECTED")));
    assertMoney("1000.00");
  }

  @Test
  void whatMayHaveBeenSubmittedBeforeItsPayerWasForgottenIsInquiredFirst() {
    String settled = "{\"reference\":\"" + REFERENCE + "\",\"state\":\"SETTLED\"}";
    String known = payAndWait(new Case("lost", json(503, ""), json(200, settled), "SETTLED"));
    String unknown = payAndWait(new Case("never there", json(503, ""), json(404, ""), "REJECTED"));
    admin.send("DELETE", "/v1/admin/data-subjects/cust-42", null).expect(204);
    teller.post("/v1/payments/%s/retry".formatted(known), "").expect(202);
    teller.post("/v1/payments/%s/retry".formatted(unknown), "").expect(202);
    await().atMost(TIMEOUT).until(() -> status(known).equals("SETTLED"));
    await().atMost(TIMEOUT).until(() -> status(unknown).equals("REJECTED"));
    assertMoney("999.00");
  }

  /** Pays, and waits until an operator is needed. */
  private String payAndWait(Case one) {
    String body = BankClient.paymentBody(account, "1.00").replace("invoice", register(one));
    String id = teller.post("/v1/payments", body).expect(202).text("id");
    await().atMost(TIMEOUT).until(() -> needsAttention(teller.get("/v1/payments/" + id).json()));
    return id;
  }

  @Test
  void everyOrderEndsOrWaitsForAPersonWhoCanEndItAndNothingStaysHeld() {
    List<Case> cases = new ArrayList<>();
    String cancelled = json(200, "{\"reference\":\"" + REFERENCE + "\",\"state\":\"CANCELLED\"}");
    String booked =
        json(200, "{\"reference\":\"" + REFERENCE + "\",\"state\":\"BOOKED\",\"tracking\":\"T\"}");
    TEXTS.forEach(
        (name, text) -> {
          String tracked =
              "{\"reference\":\"" + REFERENCE + "\",\"state\":\"BOOKED\",\"tracking\":\"%s\"}";
          String refused = "{\"reason\":\"%s\"}".formatted(text);
          String answer = json(200, tracked.formatted(text));
          cases.add(new Case("tracking " + name, answer, cancelled, "CONFIRMED"));
          cases.add(new Case("refused " + name, json(422, refused), cancelled, "CANCELLED"));
          cases.add(new Case("won't stop " + name, json(503, ""), json(422, refused), null));
        });
    cases.add(new Case("no tracking", json(200, "{\"state\":\"BOOKED\"}"), cancelled, "CONFIRMED"));
    NO_ANSWERS.forEach(
        (name, answer) -> {
          cases.add(new Case("no answer: " + name, answer, cancelled, "CANCELLED"));
          cases.add(new Case("no answer that it is stopped: " + name, json(503, ""), answer, null));
        });
    cases.add(
        new Case(
            "booked as another", json(200, "{\"state\":\"CANCELLED\"}"), cancelled, "CANCELLED"));
    cases.add(new Case("cancelled as booked", json(503, ""), booked, null));
    teller.offer("MUG-1", "1.00", 200);
    Map<String, Case> orders = new LinkedHashMap<>();
    for (Case one : cases) {
      String body = BankClient.orderBody(account, "MUG-1", 1).replace("Ada", register(one));
      orders.put(teller.post("/v1/orders", body).expect(202).text("id"), one);
    }
    Map<String, String> ended = new ConcurrentHashMap<>();
    awaitOrders(orders, ended, Set.of("CONFIRMED", "CANCELLED", "NEEDS_ATTENTION"));
    // The timeout may come before the carrier's response, depending on the machine.
    Map<String, String> sent = new TreeMap<>();
    orders.forEach(
        (id, one) -> {
          if (ended.get(id).equals("CONFIRMED") && !"CONFIRMED".equals(one.end())) {
            sent.put(one.name(), id);
          }
        });
    assertThat(sent).isEmpty();
    ended.forEach(
        (id, end) -> {
          if (end.equals("NEEDS_ATTENTION")) {
            // 409: it was cancelled after all.
            assertThat(admin.post("/v1/admin/sagas/%s/compensate".formatted(id), "").status())
                .isIn(202, 409);
          }
        });
    awaitOrders(orders, ended, ENDED);
    long sold = ended.values().stream().filter("CONFIRMED"::equals).count();
    assertMoney("%d.00".formatted(1000 - sold));
  }

  private void awaitOrders(Map<String, Case> orders, Map<String, String> ended, Set<String> ends) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              Map<String, String> open = new TreeMap<>();
              orders.forEach(
                  (id, one) -> {
                    if (!ends.contains(ended.getOrDefault(id, ""))) {
                      String now = teller.get("/v1/orders/" + id).expect(200).text("status");
                      ended.put(id, now);
                      if (!ends.contains(now)) {
                        open.put(one.name(), now);
                      }
                    }
                  });
              assertThat(open).isEmpty();
            });
  }

  /**
   * The failures of the others may have kept the clearing house's circuit open until a payment's
   * deadline; then an operator sends it again.
   */
  private void retryWhatWillBeAnswered(Map<String, Case> payments, Map<String, JsonNode> now) {
    payments.forEach(
        (id, one) -> {
          if (one.end() != null && now.containsKey(id) && needsAttention(now.get(id))) {
            // 409: it ended in the meantime.
            assertThat(teller.post("/v1/payments/%s/retry".formatted(id), "").status())
                .isIn(202, 409);
          }
        });
  }

  /** Those that neither ended nor wait for an operator to end them. */
  private static Map<String, String> open(Map<String, Case> all, Map<String, JsonNode> now) {
    Map<String, String> open = new TreeMap<>();
    all.forEach(
        (id, one) -> {
          JsonNode payment = now.get(id);
          if (payment == null
              || !(BOOKED.contains(payment.path("status").asString())
                  || (one.end() == null && needsAttention(payment)))) {
            open.put(one.name(), String.valueOf(payment));
          }
        });
    return open;
  }

  private static boolean needsAttention(JsonNode payment) {
    return payment.path("needsAttention").asBoolean(false);
  }

  private String status(String payment) {
    return teller.get("/v1/payments/" + payment).json().path("status").asString();
  }

  private void assertMoney(String balance) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              Answer now = teller.get("/v1/accounts/" + account).expect(200);
              assertThat(now.amount("held")).isEqualTo("0.00");
              assertThat(now.amount("balance")).isEqualTo(balance);
            });
  }

  private static Case put(String name, String answer, String end) {
    return new Case(name, answer, answer, end);
  }

  private static Case get(String name, String answer, String end) {
    return new Case(
        name,
        json(202, "{\"reference\":\"" + REFERENCE + "\",\"state\":\"ACCEPTED\"}"),
        answer,
        end);
  }

  private static synchronized String register(Case one) {
    CASES.add(one);
    return "case-" + (CASES.size() - 1);
  }

  private static String answer(Asked asked) {
    Matcher id = ID.matcher(asked.path());
    if (!id.find()) {
      return json(404, "");
    }
    Matcher about = CASE.matcher(asked.body());
    Case one =
        about.find()
            ? ASKED.computeIfAbsent(id.group(), _ -> CASES.get(Integer.parseInt(about.group(1))))
            : ASKED.get(id.group());
    return one == null ? json(404, "") : one.answer(asked, id.group());
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("in words", "no such bank");
    texts.put("with nothing", "");
    texts.put("with a space", " ");
    texts.put("with NUL", "a\\u0000b");
    texts.put("with lines", "one\\r\\ntwo");
    texts.put("with a lone surrogate", "\\ud83d");
    texts.put("from right to left", "\\u202eevil");
    texts.put("too long by one", "x".repeat(141));
    texts.put("much too long", "\\u00e9".repeat(20_000));
    texts.put("cut within a pair", "x".repeat(139) + "\\ud83d\\ude00");
    return texts;
  }

  private static Map<String, String> noAnswers() {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String body :
        List.of(
            "",
            "{}",
            "[]",
            "null",
            "17",
            "<html>",
            "{\"state\":null}",
            "{\"state\":\"\"}",
            "{\"state\":2}",
            "{\"state\":\"2\"}",
            "{\"state\":\"EXPLODED\"}",
            "{\"state\":[\"ACCEPTED\"]}",
            "{\"state\":\"SETTLED\",\"state\":\"REJECTED\"}",
            "{\"state\":\"SETTLED\",\"reference\":\"another\"}",
            "{\"state\":\"BOOKED\",\"reference\":\"another\"}",
            "{\"state\":\"CANCELLED\",\"reference\":17}",
            "{\"state\":\"SETTLED\",\"reason\":-1}",
            "{\"state\":\"BOOKED\",\"tracking\":{}}",
            "{\"state\":1e999999999}",
            "[".repeat(5000))) {
      answers.put(body.length() > 60 ? body.substring(0, 60) : body, json(200, body));
    }
    answers.put("204", "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n");
    answers.put("302", "HTTP/1.1 302 No\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
    answers.put("401", json(401, "{\"reason\":\"a\\u0000b\"}"));
    answers.put("999", json(999, "{}"));
    answers.put("two megabytes", json(200, "\"" + "x".repeat(2 << 20) + "\""));
    answers.put("no HTTP", "NO\0HTTP\u001b[2J\r\n\r\n");
    answers.put("a status that is none", "HTTP/1.1 \0\u202e 200\r\n\r\n");
    answers.put("a header that is none", "HTTP/1.1 200 OK\r\n\0\u0001: \u0002\r\n\r\n{}");
    answers.put("half of it", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    answers.put("nothing", "");
    return answers;
  }
}

package io.kontor.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients' input is limited in length, characters and type. */
class InputLimitsTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final String EMOJI = "\uD83D\uDE00";

  /** The fields that hold a text for people. What the clearing house writes is cleaned instead. */
  private static final Set<String> TEXTS =
      Set.of("customer", "owner", "reference", "reason", "name", "line1", "postalCode", "city");

  private static final Pattern STRING = Pattern.compile("\"([a-zA-Z0-9]+)\":\"([^\"]*)\"");
  private static final Pattern VALUE = Pattern.compile(":(\"[^\"]*\"|[0-9]+)");

  private static String tenant;
  private static BankClient teller;
  private static String account;
  private static String other;
  private static String hold;

  @BeforeAll
  static void openAccounts() {
    tenant = BANK.newTenant();
    teller = BANK.teller(tenant);
    account = teller.openAccount();
    other = teller.openAccount();
    teller.deposit(account, "100.00").expect(200);
    hold = teller.placeHold(account, "10.00").expect(201).text("id");
    teller.offer("MUG-1", "9.90", 10);
  }

  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withBody")
  void aTextThatCannotBeReadIsRefused(Endpoint endpoint) {
    if (endpoint.pattern().startsWith("/v1/clearing")) {
      return;
    }
    for (Matcher field = STRING.matcher(body(endpoint)); field.find(); ) {
      if (!TEXTS.contains(field.group(1))) {
        continue;
      }
      for (String text :
          List.of(
              "\\ud800",
              "a\\udc00b",
              "a\\u202eb",
              "a\\u2066b",
              "a\\u200bb",
              "\\u2060",
              "\\u3164")) {
        String body = replaced(endpoint, field.start(2), field.end(2), text);
        Answer answer = send(endpoint, body);
        assertThat(answer.status()).as("%s with %s", endpoint, body).isEqualTo(400);
        assertThat(pointer(answer)).as("%s with %s", endpoint, body).endsWith("/" + field.group(1));
      }
    }
  }

  @Test
  void lengthsCountCharactersAsPeopleDo() {
    String opened =
        "{'customer':'%s','owner':'%s','currency':'EUR'}"
            .formatted(EMOJI.repeat(71), EMOJI.repeat(140));
    Answer answer = teller.post("/v1/accounts", opened).expect(201);
    assertThat(teller.getAfter(answer, answer.header("Location")).expect(200).text("owner"))
        .isEqualTo(EMOJI.repeat(140));
    assertThat(
            teller
                .post("/v1/accounts", opened.replace(EMOJI.repeat(140), EMOJI.repeat(141)))
                .status())
        .isEqualTo(400);
    String customer = URLEncoder.encode(EMOJI.repeat(71), UTF_8);
    assertThat(teller.list("/v1/accounts?customer=" + customer)).hasSize(1);
  }

  /** Each value of each body, as a text and as a number: none is read for its meaning. */
  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withBody")
  void aValueOfNearlyAMegabyteIsRefused(Endpoint endpoint) {
    String digits = "1".repeat(900_000);
    for (Matcher value = VALUE.matcher(body(endpoint)); value.find(); ) {
      boolean foreign =
          endpoint.pattern().startsWith("/v1/clearing")
              && body(endpoint).startsWith("\"reason\"", value.start() - 8);
      for (String huge : List.of(digits, "\"0." + digits + "\"", "\"" + digits + "\"")) {
        if (!foreign || !huge.startsWith("\"")) {
          String body = replaced(endpoint, value.start(1), value.end(1), huge);
          assertThat(send(endpoint, body).status())
              .as("%s at %d of %s", endpoint, value.start(), endpoint.sent())
              .isEqualTo(400);
        }
      }
    }
    assertThat(send(endpoint, "{\"" + digits + "\":1}").status()).isEqualTo(400);
    assertThat(send(endpoint, "{\"\\ud800\":1}").status()).isEqualTo(400);
    assertThat(send(endpoint, "[".repeat(900_000)).status()).isEqualTo(400);
  }

  /** Java's client sends no such requests. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/accounts/{digits} HTTP/1.1",
        "GET /v1/accounts?limit={digits} HTTP/1.1",
        "GET /v1/accounts?cursor={digits} HTTP/1.1",
        "GET /v1/accounts HTTP/1.1\r\nKontor-Min-Position: {digits}",
        "GET /v1/accounts HTTP/1.1\r\nIf-Match: \"{digits}\"",
        "GET /v1/accounts HTTP/1.1\r\nIdempotency-Key: {digits}",
        "GET /v1/accounts HTTP/1.1\r\nPrefer: wait={digits}"
      })
  void aMegabyteInAnAddressOrHeaderIsRefused(String request) throws IOException {
    String sent =
        request.replace("{digits}", "1".repeat(1 << 20))
            + "\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n".formatted(teller.token());
    try (var socket = new Socket("localhost", teller.port())) {
      socket.setSoTimeout(60_000);
      Thread.ofVirtual().start(() -> write(socket, sent));
      String answer = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      assertThat(answer).isEqualTo("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x10",
        "%2B5",
        "%2310",
        "%205",
        "5%20",
        "%D9%A5",
        "5.0",
        "1e1",
        "-5",
        "",
        "5&limit=6"
      })
  void aLimitIsDecimalDigitsAndGivenOnce(String limit) {
    for (String list :
        List.of(
            "/v1/accounts",
            "/v1/accounts/" + account + "/postings",
            "/v1/transfers",
            "/v1/payments",
            "/v1/admin/sagas",
            "/v1/admin/events")) {
      refuses(list + "?limit=" + limit, "limit");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/admin/events?from=0x1               | from
          /v1/admin/events?from=%2B1              | from
          /v1/admin/events?from=%20               | from
          /v1/admin/events?stream=1-1-1-1-1       | stream
          /v1/transfers?account=1-1-1-1-1         | account
          /v1/transfers?account=                  | account
          /v1/payments?status=%20SETTLED          | status
          /v1/payments?needsAttention=1           | needsAttention
          /v1/payments?needsAttention=TRUE        | needsAttention
          /v1/accounts?status=OPEN&status=CLOSED  | status
          /v1/accounts?customer=a%E2%80%AEb       | customer
          /v1/accounts?customer=a%E2%80%8Bb       | customer
          /v1/accounts?owner=a%E2%80%AEb          | owner
          /v1/accounts/1-1-1-1-1                  | id
          """)
  void aParameterIsTakenAtItsWord(String path, String parameter) {
    refuses(path, parameter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/accounts/{id}/postings | +999999999-12-31T23:59:59Z 1 {id}
          /v1/accounts/{id}/postings | -1000000-12-31T23:59:59Z 1 {id}
          /v1/accounts/{id}/postings | 2026-01-31T00:00:00Z +1 {id}
          /v1/accounts/{id}/postings | 2026-01-31T00:00:00Z 1 1-1-1-1-1
          /v1/transfers              | +999999999-12-31T23:59:59Z 1 {id}
          /v1/accounts               | 1-1-1-1-1
          /v1/payments               | 1-1-1-1-1
          /v1/admin/sagas            | 1-1-1-1-1
          /v1/admin/events           | +5
          /v1/admin/events           | -5
          /v1/admin/events           | ٥
          """)
  void aCursorThatLeadsNowhereIsRefused(String list, String place) {
    String cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(place.replace("{id}", account).getBytes(UTF_8));
    refuses(list.replace("{id}", account) + "?cursor=" + cursor, "cursor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEM", "HRK", "ITL", "BGN", "XAU", "XDR", "XTS", "CHE", "CLF", "USN"})
  void moneyThatEntersTheBankIsInACurrencyInUse(String currency) {
    String amount = currency.equals("ITL") ? "1" : currency.equals("CLF") ? "1.0000" : "1.00";
    String money = "{'amount':'%s','currency':'%s'}".formatted(amount, currency);
    refusedBody("/v1/accounts", "{'customer':'c','owner':'o','currency':'%s'}".formatted(currency));
    refusedBody(
        "/v1/accounts/%s/deposits".formatted(account),
        "{'amount':%s,'reference':'r'}".formatted(money));
    refusedBody(
        "/v1/accounts/%s/holds".formatted(account),
        "{'amount':%s,'reference':'r'}".formatted(money));
    refusedBody("/v1/products", "{'sku':'OLD-1','name':'n','price':%s}".formatted(money));
    refusedBody(
        "/v1/payments",
        BankClient.paymentBody(account, "1.00")
            .replace("{'amount':'1.00','currency':'EUR'}", money));
  }

  private static void refusedBody(String path, String body) {
    assertThat(teller.post(path, body).status()).as("%s %s", path, body).isEqualTo(400);
  }

  private static void refuses(String path, String parameter) {
    BankClient reader = path.startsWith("/v1/admin") ? BANK.auditor(tenant) : teller;
    Answer answer = reader.get(path);
    assertThat(answer.status()).as("%s: %s", path, answer.http().body()).isEqualTo(400);
    assertThat(pointer(answer)).as(path).isEqualTo(parameter);
  }

  private static String pointer(Answer answer) {
    return answer.json().path("errors").path(0).path("pointer").asString();
  }

  private static String replaced(Endpoint endpoint, int start, int end, String value) {
    var body = new StringBuilder(body(endpoint));
    return body.replace(start, end, value).toString();
  }

  /** The same each time, so that positions in it can be distinguished. */
  private static String body(Endpoint endpoint) {
    String body =
        endpoint.pattern().equals("/v1/transfers/bulk")
            ? "{'transfers':[%s]}"
                .formatted(BankClient.transferBody("{account}", "{other}", "1.00"))
            : String.valueOf(endpoint.body());
    return body.replace("?'", "'")
        .replace("{new}", "new-one")
        .replace("{account}", account)
        .replace("{other}", other)
        .replace('\'', '"');
  }

  private static Answer send(Endpoint endpoint, String body) {
    return caller(endpoint)
        .send(
            endpoint.method(),
            endpoint.path(account, hold, "cust-42"),
            body,
            "Idempotency-Key",
            BankClient.newKey());
  }

  private static BankClient caller(Endpoint endpoint) {
    if (endpoint.roles().isEmpty()) {
      return BANK.anyone();
    }
    if (endpoint.roles().contains("operator")) {
      return BANK.operator();
    }
    if (endpoint.roles().contains("admin")) {
      return BANK.admin(tenant);
    }
    if (endpoint.roles().equals(Set.of("customer"))) {
      return BANK.customer(tenant, "cust-42");
    }
    return endpoint.roles().contains("clearing") ? BANK.clearing(tenant) : teller;
  }

  private static void write(Socket socket, String request) {
    try {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    } catch (IOException answeredBefore) {
      // the response came before the request was read to its end
    }
  }
}

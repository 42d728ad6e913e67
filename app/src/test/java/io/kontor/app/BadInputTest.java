package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.DatabaseLogin;
import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every kind of bad input gets a problem response in the same form, with its own type. */
class BadInputTest {
  private static final String UNKNOWN = "0198c0de-0000-7000-8000-00000000dead";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static BankFixture bank;
  private static String tenant;
  private static BankClient teller;
  private static String account;
  private static String other;
  private static String hold;

  @BeforeAll
  static void openAccounts() {
    bank = BankFixture.running();
    tenant = bank.newTenant();
    teller = bank.teller(tenant);
    account = teller.openAccount();
    other = teller.openAccount();
    teller.deposit(account, "100.00").expect(200);
    hold = teller.placeHold(account, "10.00").expect(201).text("id");
    teller.offer("MUG-1", "9.90", 10);
  }

  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withBody")
  void aBodyThatIsNotTheCallsIsRefused(Endpoint endpoint) {
    for (String body : List.of("{", "nonsense", "[]", "'text'", "7", "{} {}", "<xml/>")) {
      assertInvalid(post(endpoint, body), endpoint + " with " + body, "");
    }
    if (!endpoint.call().matches(".*/(capture|retry|compensate)")) {
      assertInvalid(post(endpoint, "null"), endpoint + " with null", "");
      assertInvalid(post(endpoint, null), endpoint + " without a body", "");
    }
    assertProblem(
        sendAs(endpoint, "text/plain", sent(endpoint)),
        endpoint + " as text",
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @MethodSource("io.kontor.app.Endpoint#withBody")
  void aFieldThatIsMissingOrUnknownOrOfAnotherTypeIsNamed(Endpoint endpoint) {
    assertInvalid(
        post(endpoint, changed(endpoint, body -> body.put("surprise", 1))), endpoint, "/surprise");
    for (String field : JSON.readTree(sent(endpoint)).propertyNames()) {
      String pointer = "/" + field;
      boolean optional = endpoint.body().contains(field + "?");
      if (!optional) {
        assertInvalid(
            post(endpoint, changed(endpoint, body -> body.remove(field))), endpoint, pointer);
        assertInvalid(
            post(endpoint, changed(endpoint, body -> body.putNull(field))), endpoint, pointer);
      }
      for (Consumer<ObjectNode> wrong :
          wrongTypes(field, JSON.readTree(sent(endpoint)).path(field))) {
        assertInvalid(post(endpoint, changed(endpoint, wrong)), endpoint, pointer);
      }
    }
  }

  private static List<Consumer<ObjectNode>> wrongTypes(String field, JsonNode right) {
    return List.of(
        right.isNumber() ? body -> body.put(field, "1") : body -> body.put(field, 1),
        body -> body.put(field, 1.5),
        right.isBoolean() ? body -> body.put(field, "true") : body -> body.put(field, true),
        body -> body.putArray(field).addArray());
  }

  /** Amounts where money moves. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          12.50                                      | /amount
          '12.50'                                    | /amount
          {}                                         | /amount
          {'amount':'1.00'}                          | /amount
          {'currency':'EUR'}                         | /amount
          {'amount':'1.00','currency':'EUR','x':1}   | /amount/x
          {'amount':1.00,'currency':'EUR'}           | /amount/amount
          {'amount':1,'currency':'EUR'}              | /amount/amount
          {'amount':null,'currency':'EUR'}           | /amount
          {'amount':'1','currency':'EUR'}            | /amount
          {'amount':'1.0','currency':'EUR'}          | /amount
          {'amount':'1.000','currency':'EUR'}        | /amount
          {'amount':'1.00','currency':'JPY'}         | /amount
          {'amount':'1.0','currency':'JPY'}          | /amount
          {'amount':'1.00','currency':'KWD'}         | /amount
          {'amount':'1','currency':'KWD'}            | /amount
          {'amount':'1.00','currency':'XXX'}         | /amount
          {'amount':'1.00','currency':'XAU'}         | /amount
          {'amount':'1.00','currency':'ZZZ'}         | /amount
          {'amount':'1.00','currency':'eur'}         | /amount
          {'amount':'1.00','currency':''}            | /amount
          {'amount':'1.00','currency':null}          | /amount
          {'amount':'0.00','currency':'EUR'}         | /amount
          {'amount':'-0.00','currency':'EUR'}        | /amount
          {'amount':'-1.00','currency':'EUR'}        | /amount
          {'amount':'+1.00','currency':'EUR'}        | /amount
          {'amount':'01.00','currency':'EUR'}        | /amount
          {'amount':' 1.00','currency':'EUR'}        | /amount
          {'amount':'1,00','currency':'EUR'}         | /amount
          {'amount':'1e2','currency':'EUR'}          | /amount
          {'amount':'.50','currency':'EUR'}          | /amount
          {'amount':'NaN','currency':'EUR'}          | /amount
          {'amount':'','currency':'EUR'}             | /amount
          {'amount':'١.00','currency':'EUR'}         | /amount
          {'amount':'92233720368547758.08','currency':'EUR'}       | /amount
          {'amount':'99999999999999999999.00','currency':'EUR'}    | /amount
          {'amount':'1.00','amount':'2.00','currency':'EUR'}       | /amount
          """)
  void anAmountThatIsNotExactIsRefused(String amount, String pointer) {
    for (Endpoint endpoint : Endpoint.ALL) {
      if (endpoint.movesMoney() && endpoint.body().contains("'amount")) {
        String body =
            sent(endpoint).replace("{\"amount\":\"1.00\",\"currency\":\"EUR\"}", json(amount));
        assertInvalid(post(endpoint, body), endpoint + " of " + amount, pointer);
      }
    }
    assertInvalid(
        teller.post(
            "/v1/transfers/bulk",
            "{'transfers':[{'from':'%s','to':'%s','reference':'r','amount':%s}]}"
                .formatted(account, other, amount)),
        "bulk of " + amount,
        "/transfers/0" + pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST /v1/accounts                      | customer | ''
          POST /v1/accounts                      | customer | ' '
          POST /v1/accounts                      | customer | '{141}'
          POST /v1/accounts                      | customer | 'a\\u0000b'
          POST /v1/accounts                      | owner    | ''
          POST /v1/accounts                      | owner    | '{141}'
          POST /v1/accounts                      | owner    | 'a\\nb'
          POST /v1/accounts                      | currency | ''
          POST /v1/accounts                      | currency | 'EURO'
          POST /v1/accounts                      | currency | 'XXX'
          POST /v1/accounts                      | currency | 'eur'
          POST /v1/accounts                      | overdraftLimit | {'amount':'-1.00','currency':'EUR'}
          POST /v1/accounts                      | overdraftLimit | {'amount':'1','currency':'JPY'}
          POST /v1/accounts/{id}/deposits        | reference | '{141}'
          POST /v1/accounts/{id}/deposits        | reference | 'a\\tb'
          POST /v1/accounts/{id}/withdrawals     | reference | '{141}'
          POST /v1/accounts/{id}/holds           | reference | '{141}'
          POST /v1/accounts/{id}/holds           | expiresAt | 'tomorrow'
          POST /v1/accounts/{id}/holds           | expiresAt | '2036-01-01'
          POST /v1/accounts/{id}/holds           | expiresAt | ''
          POST /v1/accounts/{id}/holds           | expiresAt | '+999999999-12-31T23:59:59Z'
          POST /v1/accounts/{id}/holds           | expiresAt | '-0001-12-31T23:59:59Z'
          POST /v1/accounts/{id}/freeze          | reason    | ''
          POST /v1/accounts/{id}/freeze          | reason    | '{141}'
          POST /v1/accounts/{id}/unfreeze        | reason    | ' '
          PUT /v1/accounts/{id}/overdraft-limit  | overdraftLimit | {'amount':'-1.00','currency':'EUR'}
          POST /v1/transfers                     | from      | 'nonsense'
          POST /v1/transfers                     | to        | ''
          POST /v1/transfers                     | to        | '1-1-1-1-1'
          POST /v1/transfers                     | reference | '{141}'
          POST /v1/transfers/bulk                | transfers | {}
          POST /v1/products                      | sku       | ''
          POST /v1/products                      | sku       | 'a b'
          POST /v1/products                      | sku       | '../up'
          POST /v1/products                      | name      | '{141}'
          POST /v1/products                      | price     | {'amount':'0.00','currency':'EUR'}
          POST /v1/products                      | price     | {'amount':'1','currency':'EUR'}
          POST /v1/products/{sku}/stock          | quantity  | 0
          POST /v1/products/{sku}/stock          | quantity  | -1
          POST /v1/products/{sku}/stock          | quantity  | 1000001
          POST /v1/products/{sku}/stock          | quantity  | 99999999999
          POST /v1/orders                        | account   | 'nonsense'
          POST /v1/orders                        | items     | []
          POST /v1/orders                        | items     | [null]
          POST /v1/orders                        | items     | [{'sku':'MUG-1'}]
          POST /v1/orders                        | items     | [{'sku':'MUG-1','quantity':0}]
          POST /v1/orders                        | items     | [{'sku':'a b','quantity':1}]
          POST /v1/orders                        | items     | [{'sku':'A','quantity':1},{'sku':'A','quantity':1}]
          POST /v1/orders                        | shippingAddress | {}
          POST /v1/orders                        | shippingAddress | {'name':'n','line1':'l','postalCode':'p','city':'c','country':'Germany'}
          POST /v1/orders/{id}/cancel            | reason    | ' '
          POST /v1/accounts/{id}/statements      | from      | '2026-02-30'
          POST /v1/accounts/{id}/statements      | from      | '2026-01-01T00:00:00'
          POST /v1/accounts/{id}/statements      | from      | [2026,1,1]
          POST /v1/accounts/{id}/statements      | to        | '2026-01-01'
          POST /v1/accounts/{id}/statements      | to        | '2999-01-01'
          POST /v1/accounts/{id}/statements      | format    | 'pdf'
          POST /v1/tenants                       | id        | ''
          POST /v1/tenants                       | id        | 'A'
          POST /v1/tenants                       | id        | 'a'
          POST /v1/tenants                       | id        | 'with space'
          POST /v1/tenants                       | id        | '../up'
          POST /v1/tenants                       | id        | '{141}'
          POST /v1/tenants                       | name      | ''
          POST /v1/tenants                       | name      | '{141}'
          """)
  void aValueThatCannotBeMeantIsNamed(String call, String field, String value) {
    Endpoint endpoint =
        Endpoint.ALL.stream().filter(e -> e.call().equals(call)).findFirst().orElseThrow();
    JsonNode wrong = JSON.readTree(json(value).replace("{141}", "x".repeat(141)));
    assertInvalid(
        post(endpoint, changed(endpoint, body -> body.set(field, wrong))),
        call + " with " + field + " " + value,
        "/" + field);
  }

  @Test
  void aBulkIsRefusedAsAWholeWhenItIsMalformed() {
    String good = BankClient.transferBody(account, other, "1.00");
    assertInvalid(
        teller.post(
            "/v1/transfers/bulk", "{'transfers':[" + (good + ",").repeat(1000) + good + "]}"),
        "1,001 transfers",
        "/transfers");
    assertInvalid(
        teller.post("/v1/transfers/bulk", "{'transfers':[" + good + ",null]}"),
        "null",
        "/transfers");
    assertInvalid(
        teller.post("/v1/transfers/bulk", "{'transfers':[" + good + ",{'from':'x'}]}"),
        "a bad item",
        "/transfers/1");
    String key = good.replace("{'from'", "{'idempotencyKey':'ключ','from'");
    assertInvalid(
        teller.post("/v1/transfers/bulk", "{'transfers':[" + key + "]}"),
        "a bad key",
        "/transfers/0/idempotencyKey");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /v1/accounts?limit=0              | limit
          /v1/accounts?limit=201            | limit
          /v1/accounts?limit=-1             | limit
          /v1/accounts?limit=many           | limit
          /v1/accounts?limit=1.5            | limit
          /v1/accounts?limit=99999999999    | limit
          /v1/accounts?cursor=!!            | cursor
          /v1/accounts?cursor=bm90IGEgY3Vyc29y | cursor
          /v1/accounts?status=open          | status
          /v1/accounts?status=GONE          | status
          /v1/accounts?customer=%20         | customer
          /v1/accounts?customer=a%00b       | customer
          /v1/accounts/{id}/postings?limit=0        | limit
          /v1/accounts/{id}/postings?cursor=x       | cursor
          /v1/accounts/{id}/postings?from=yesterday | from
          /v1/accounts/{id}/postings?to=2026-13-01T00:00:00Z | to
          /v1/accounts/{id}/postings?to=2026-01-01  | to
          /v1/accounts/{id}/postings?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z | from
          /v1/accounts/{id}/balance?at=now          | at
          /v1/accounts/{id}/balance?at=             | at
          /v1/accounts/{id}/balance?at=+999999999-01-01T00:00:00Z | at
          /v1/transfers?limit=0             | limit
          /v1/transfers?cursor=x            | cursor
          /v1/transfers?account=nonsense    | account
          /v1/payments?limit=0              | limit
          /v1/payments?cursor=x             | cursor
          /v1/payments?account=nonsense     | account
          /v1/payments?status=LOST          | status
          /v1/payments?needsAttention=maybe | needsAttention
          /v1/standing-orders?limit=0       | limit
          /v1/standing-orders?cursor=x      | cursor
          /v1/standing-orders?status=LOST   | status
          /v1/ledger/trial-balance?at=now   | at
          /v1/accounts/{id}/statements?limit=0  | limit
          /v1/accounts/{id}/statements?cursor=x | cursor
          /v1/reports/trial-balance?at=now     | at
          /v1/reports/trial-balance?format=PDF | format
          /v1/reports/accounts?status=GONE     | status
          /v1/reports/accounts?format=xlsx     | format
          /v1/admin/sagas?limit=0           | limit
          /v1/admin/sagas?state=LOST        | state
          /v1/admin/sagas?cursor=x          | cursor
          /v1/admin/accounts/{id}/history?from=-1  | from
          /v1/admin/accounts/{id}/history?cursor=x | cursor
          /v1/admin/events?limit=201        | limit
          /v1/admin/events?from=0           | from
          /v1/admin/events?from=first       | from
          /v1/admin/events?stream=nonsense  | stream
          /v1/admin/events?cursor=x         | cursor
          """)
  void aBadParameterIsNamed(String path, String parameter) {
    assertInvalid(reader(path).get(path.replace("{id}", account)), path, parameter);
  }

  @ParameterizedTest
  @FieldSource("io.kontor.app.Endpoint#ALL")
  void aBadHeaderIsNamed(Endpoint endpoint) {
    if (endpoint.pattern().equals("/dev/token")) {
      return;
    }
    if (!endpoint.isChange()) {
      for (String position : List.of("x", "-1", "1.5", "01", "99999999999999999999")) {
        assertInvalid(
            caller(endpoint).get(endpoint.path(account), "Kontor-Min-Position", position),
            endpoint + " after " + position,
            "Kontor-Min-Position");
      }
      return;
    }
    if (endpoint.movesMoney()) {
      assertInvalid(sendWith(endpoint), endpoint + " without key", "Idempotency-Key");
    }
    if (endpoint.pattern().endsWith("/retry")) {
      return; // Doing it twice does what doing it once does, and it changes no account.
    }
    for (String key : List.of("", "x".repeat(256))) {
      assertInvalid(
          sendWith(endpoint, "Idempotency-Key", key), endpoint + " key " + key, "Idempotency-Key");
    }
    if (endpoint.pattern().endsWith("/statements") || endpoint.pattern().endsWith("/alerts")) {
      return; // It changes no account.
    }
    if (endpoint.pattern().startsWith("/v1/accounts")
        || endpoint.pattern().startsWith("/v1/transfers")) {
      for (String match : List.of("3", "\"x\"", "W/\"3\"", "\"1\", \"2\"", "\"-1\"", "\"\"")) {
        assertInvalid(
            sendWith(endpoint, "Idempotency-Key", BankClient.newKey(), "If-Match", match),
            endpoint + " if " + match,
            "If-Match");
      }
    }
  }

  /** Java's client does not send such keys, so they are written by hand. */
  @ParameterizedTest
  @ValueSource(strings = {"cl\u00e9", "\u043a\u043b\u044e\u0447", "a\u0001b", "a\tb", "\u007f"})
  void aKeyOfOtherCharactersThanPrintableAsciiIsRefused(String key) throws IOException {
    String request =
        """
        POST /v1/accounts HTTP/1.1
        Host: localhost
        Connection: close
        Authorization: Bearer %s
        Content-Type: application/json
        Content-Length: 46
        Idempotency-Key: %s

        {"customer":"c","owner":"o","currency":"EUR" }"""
            .formatted(teller.token(), key);
    try (var socket = new Socket("localhost", teller.port())) {
      socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("\"version\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /v1/accounts/nonsense                 | 400 404
          GET    | /v1/accounts/{unknown}                | 404
          POST   | /v1/accounts/nonsense/close           | 400 404
          POST   | /v1/accounts/1-1-1-1-1/close          | 400 404
          POST   | /v1/accounts/{id}/holds/x/release     | 400 404
          POST   | /v1/accounts/{id}/nothing             | 404
          GET    | /v1/accounts/{id}/nothing             | 404
          GET    | /v1/accounts/{id}/                    | 404
          GET    | /v1/transfers/nonsense                | 400 404
          GET    | /v1/transfers/{unknown}               | 404
          GET    | /v1/nothing                           | 403 404
          GET    | /nothing                              | 403 404
          DELETE | /v1/accounts/{id}                     | 405
          PATCH  | /v1/accounts/{id}                     | 405
          PUT    | /v1/accounts                          | 405
          DELETE | /v1/transfers                         | 405
          POST   | /v1/transfers/{unknown}               | 405
          PUT    | /v1/accounts/{id}/close               | 405
          GET    | /v1/accounts/{id}/deposits            | 405
          """)
  void aWrongPathOrMethodIsAProblemToo(String method, String path, String statuses) {
    Answer answer =
        teller.send(
            method,
            path.replace("{id}", account).replace("{unknown}", UNKNOWN),
            method.equals("GET") ? null : "",
            "Idempotency-Key",
            BankClient.newKey());
    assertThat(List.of(statuses.split(" ", -1)))
        .as(answer.http().body())
        .contains(Integer.toString(answer.status()));
    String slug =
        switch (answer.status()) {
          case 400 -> "invalid-request";
          case 403 -> "forbidden";
          case 404 -> "not-found";
          default -> "method-not-allowed";
        };
    assertProblem(answer, path, answer.status(), slug);
    if (answer.status() == 405) {
      assertThat(answer.header("Allow")).isNotBlank();
    }
  }

  @Test
  void anAnswerThatIsNotJsonIsNotToBeHad() {
    Answer answer = teller.get("/v1/accounts", "Accept", "text/html");
    assertThat(answer.status()).isIn(200, 406);
    assertThat(answer.header("Content-Type")).contains("json");
  }

  @Test
  void anotherVersionThanTheExpectedIsRefused() {
    String path = "/v1/accounts/%s/deposits".formatted(account);
    assertProblem(
        teller.post(
            path,
            BankClient.movement("1.00"),
            "Idempotency-Key",
            BankClient.newKey(),
            "If-Match",
            "\"77\""),
        path,
        412,
        "version-mismatch");
  }

  @Test
  void aKeyIsForOneRequest() {
    String key = BankClient.newKey();
    String path = "/v1/accounts/%s/deposits".formatted(other);
    teller.post(path, BankClient.movement("1.00"), "Idempotency-Key", key).expect(200);
    assertProblem(
        teller.post(path, BankClient.movement("2.00"), "Idempotency-Key", key),
        "another body",
        422,
        "idempotency-key-reuse");
    assertProblem(
        teller.post(
            path.replace(other, account), BankClient.movement("1.00"), "Idempotency-Key", key),
        "another path",
        422,
        "idempotency-key-reuse");
  }

  @Test
  void aPositionThatNobodyHasReachedIsNotWaitedForForLong() {
    Answer answer = teller.get("/v1/accounts/" + account, "Kontor-Min-Position", "999999999999");
    assertProblem(answer, "beyond the head", 503, "read-model-behind");
    assertThat(answer.header("Retry-After")).isNotBlank();
  }

  /** A decision is not confirmed while its events can't be written. */
  @Test
  void aRequestIsNotBegunTwice() throws Exception {
    String key = BankClient.newKey();
    String path = "/v1/accounts/%s/deposits".formatted(other);
    var owner = bank.postgres().dataSource(DatabaseLogin.OWNER).getConnection();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      owner.setAutoCommit(false);
      try (var lock = owner.createStatement()) {
        lock.execute("lock table kontor.event in share mode");
      }
      var send =
          (Callable<Answer>)
              () -> teller.post(path, BankClient.movement("3.00"), "Idempotency-Key", key);
      var both = new ExecutorCompletionService<Answer>(threads);
      both.submit(send);
      both.submit(send);
      Answer refused = both.take().get();
      owner.rollback();
      assertProblem(refused, "the second", 409, "idempotency-in-progress");
      assertThat(refused.header("Retry-After")).isNotBlank();
      both.take().get().expect(200);
    } finally {
      owner.rollback();
      owner.close();
    }
  }

  private static void assertInvalid(Answer answer, Object what, String pointer) {
    assertProblem(answer, what, 400, "invalid-request");
    List<String> pointers = new ArrayList<>();
    answer.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asString()));
    assertThat(pointers).as("%s: %s", what, answer.http().body()).isNotEmpty();
    assertThat(pointers.getFirst()).as("%s: %s", what, answer.http().body()).startsWith(pointer);
  }

  private static void assertProblem(Answer answer, Object what, int status, String slug) {
    String described = what + ": " + answer.http().body();
    assertThat(answer.status()).as(described).isEqualTo(status);
    assertThat(answer.header("Content-Type")).as(described).startsWith("application/problem+json");
    assertThat(answer.header("Kontor-Correlation-Id")).isNotBlank();
    JsonNode problem = answer.json();
    assertThat(problem.path("type").asString())
        .isEqualTo("https://kontor.example/problems/" + slug);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asString()).isNotBlank();
    assertThat(problem.path("detail").asString()).isNotBlank();
    assertThat(problem.path("instance").asString())
        .isEqualTo(answer.http().request().uri().getRawPath());
    assertThat(described).doesNotContain("io.kontor.", "java.", "org.", "tools.jackson", "SQL");
  }

  private static Answer post(Endpoint endpoint, @Nullable String body) {
    return sendAs(endpoint, "application/json", body);
  }

  private static Answer sendAs(Endpoint endpoint, String type, @Nullable String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + teller.port() + path(endpoint)))
            .header("Content-Type", type)
            .header("Idempotency-Key", BankClient.newKey())
            .method(
                endpoint.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json(body)));
    BankClient caller = caller(endpoint);
    if (caller.token() != null) {
      request.header("Authorization", "Bearer " + caller.token());
    }
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Answer sendWith(Endpoint endpoint, String... headers) {
    String body = endpoint.body() == null ? "" : sent(endpoint);
    return caller(endpoint).send(endpoint.method(), path(endpoint), body, headers);
  }

  private static String path(Endpoint endpoint) {
    return endpoint.path(account, hold, "cust-nobody");
  }

  private static String sent(Endpoint endpoint) {
    return json(endpoint.sent()).replace("{account}", account).replace("{other}", other);
  }

  private static String changed(Endpoint endpoint, Consumer<ObjectNode> change) {
    var body = (ObjectNode) JSON.readTree(sent(endpoint));
    change.accept(body);
    return body.toString();
  }

  private static BankClient caller(Endpoint endpoint) {
    return Stream.of("teller", "auditor", "operator", "admin", "clearing", "customer")
        .filter(endpoint.roles()::contains)
        .findFirst()
        .map(
            role ->
                switch (role) {
                  case "operator" -> bank.operator();
                  case "admin" -> bank.admin(tenant);
                  case "teller" -> teller;
                  case "clearing" -> bank.clearing(tenant);
                  case "customer" -> bank.customer(tenant, "cust-42");
                  default -> bank.auditor(tenant);
                })
        .orElse(bank.anyone());
  }

  private static BankClient reader(String path) {
    return path.startsWith("/v1/ledger")
            || path.startsWith("/v1/reports")
            || path.startsWith("/v1/admin")
        ? bank.auditor(tenant)
        : teller;
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}

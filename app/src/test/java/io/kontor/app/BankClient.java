package io.kontor.app;

import static org.awaitility.Awaitility.await;

import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of a bank, with its calls. */
final class BankClient extends ApiClient {
  /** The port of the node that issues tokens for development. */
  private final int issuer;

  BankClient(int port, @Nullable String token) {
    this(port, port, token);
  }

  private BankClient(int port, int issuer, @Nullable String token) {
    super(port, token);
    this.issuer = issuer;
  }

  static BankClient anyone(int port) {
    return new BankClient(port, null);
  }

  /** The same client of a gateway, which issues no tokens. */
  BankClient through(int gateway) {
    return new BankClient(gateway, issuer, token());
  }

  BankClient teller(String tenant) {
    return withToken(tenant, "tim", "teller");
  }

  BankClient auditor(String tenant) {
    return withToken(tenant, "audrey", "auditor");
  }

  BankClient admin(String tenant) {
    return withToken(tenant, "adam", "admin");
  }

  /** The clearing house as the tenant's machine client. */
  BankClient clearing(String tenant) {
    return withToken(tenant, "clearing-house", "clearing");
  }

  BankClient customer(String tenant, String subject) {
    return withToken(tenant, subject, "customer");
  }

  BankClient operator() {
    return obtaining("{'subject':'olga','roles':['operator']}");
  }

  BankClient withToken(String tenant, String subject, String role) {
    return withRoles(tenant, subject, List.of(role));
  }

  BankClient withRoles(String tenant, String subject, Collection<String> roles) {
    return obtaining(
        "{'tenant':'%s','subject':'%s','roles':['%s']}"
            .formatted(tenant, subject, String.join("','", roles)));
  }

  private BankClient obtaining(String request) {
    Answer answer = anyone(issuer).send("POST", "/dev/token", request);
    return new BankClient(port(), issuer, answer.expect(200).text("access_token"));
  }

  /** Reads with the position of {@code mutation} as the minimum. */
  Answer getAfter(Answer mutation, String path) {
    return get(path, "Kontor-Min-Position", Long.toString(mutation.position()));
  }

  /** Sends with a new idempotency key. */
  Answer post(String path, String body) {
    return post(path, body, "Idempotency-Key", newKey());
  }

  Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  Answer put(String path, String body, String... headers) {
    return send("PUT", path, body, headers);
  }

  Answer registerTenant(String tenant) {
    return post("/v1/tenants", "{'id':'%s','name':'A test'}".formatted(tenant)).expect(201);
  }

  Answer registerTenant(String tenant, TenantIsolation isolation) {
    return post(
            "/v1/tenants",
            "{'id':'%s','name':'A test','isolation':'%s'}".formatted(tenant, isolation))
        .expect(201);
  }

  /** Opens an account in EUR for {@code cust-42} and returns its id. */
  String openAccount() {
    return openAccount("cust-42", "EUR");
  }

  String openAccount(String customer, String currency) {
    return open(customer, currency).text("id");
  }

  Answer open(String customer, String currency) {
    return post(
            "/v1/accounts",
            "{'customer':'%s','owner':'Ada Lovelace','currency':'%s'}"
                .formatted(customer, currency))
        .expect(201);
  }

  /** Amounts are in EUR from here on. */
  Answer deposit(String account, String amount) {
    return post("/v1/accounts/%s/deposits".formatted(account), movement(amount));
  }

  Answer withdraw(String account, String amount) {
    return post("/v1/accounts/%s/withdrawals".formatted(account), movement(amount));
  }

  Answer placeHold(String account, String amount) {
    return post("/v1/accounts/%s/holds".formatted(account), movement(amount));
  }

  Answer captureHold(String account, String hold, String amount) {
    return post(
        "/v1/accounts/%s/holds/%s/capture".formatted(account, hold),
        "{'amount':%s}".formatted(euros(amount)));
  }

  Answer releaseHold(String account, String hold) {
    return post("/v1/accounts/%s/holds/%s/release".formatted(account, hold), "");
  }

  Answer freeze(String account) {
    return post("/v1/accounts/%s/freeze".formatted(account), "{'reason':'court order'}");
  }

  Answer close(String account) {
    return post("/v1/accounts/%s/close".formatted(account), "");
  }

  Answer transfer(String from, String to, String amount) {
    return transfer(newKey(), from, to, amount);
  }

  Answer transfer(String key, String from, String to, String amount) {
    return post("/v1/transfers", transferBody(from, to, amount), "Idempotency-Key", key);
  }

  /** Registers a product with a price in euros and a stock. */
  Answer offer(String sku, String price, int quantity) {
    post("/v1/products", "{'sku':'%s','name':'A thing','price':%s}".formatted(sku, euros(price)))
        .expect(201);
    return post("/v1/products/%s/stock".formatted(sku), "{'quantity':%d}".formatted(quantity))
        .expect(200);
  }

  /** Asks for a statement and waits for its document; returns its id. */
  String statement(String account) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/v1/accounts/" + account).status() == 200);
    String path = "/v1/accounts/%s/statements".formatted(account);
    String id =
        post(path, "{'from':'2026-01-01','to':'2026-02-01','format':'CSV'}").expect(202).text("id");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get(path + "/" + id).text("state").equals("READY"));
    return id;
  }

  Answer order(String account, String sku, int quantity) {
    return post("/v1/orders", orderBody(account, sku, quantity)).expect(202);
  }

  /** Places an order and waits for its outcome. */
  Answer orderAndWait(String account, String sku, int quantity) {
    return post(
            "/v1/orders",
            orderBody(account, sku, quantity),
            "Idempotency-Key",
            newKey(),
            "Prefer",
            "wait=30")
        .expect(200);
  }

  static String orderBody(String account, String sku, int quantity) {
    return ("{'account':'%s','items':[{'sku':'%s','quantity':%d}],'shippingAddress':"
            + "{'name':'Ada','line1':'Street-1','postalCode':'10115','city':'Berlin',"
            + "'country':'DE'}}")
        .formatted(account, sku, quantity);
  }

  Answer pay(String account, String amount) {
    return post("/v1/payments", paymentBody(account, amount));
  }

  static String paymentBody(String account, String amount) {
    return ("{'from':'%s','creditor':{'name':'Grace Hopper','iban':'DE89370400440532013000'},"
            + "'amount':%s,'reference':'invoice'}")
        .formatted(account, euros(amount));
  }

  /** A standing order over a euro a month, far from now. */
  Answer createStandingOrder(String from, String to) {
    return post("/v1/standing-orders", standingOrderBody(from, to, "2099-01-31"));
  }

  /** A euro a month. */
  static String standingOrderBody(String from, String to, String first) {
    return ("{'from':'%s','to':'%s','amount':%s,'reference':'rent','schedule':{'first':'%s',"
            + "'rhythm':'MONTHLY','businessDayRule':'FOLLOWING','calendar':'TARGET'}}")
        .formatted(from, to, euros("1.00"), first);
  }

  static String newKey() {
    return UUID.randomUUID().toString();
  }

  static String euros(String amount) {
    return "{'amount':'%s','currency':'EUR'}".formatted(amount);
  }

  static String movement(String amount) {
    return "{'amount':%s,'reference':'test'}".formatted(euros(amount));
  }

  static String transferBody(String from, String to, String amount) {
    return "{'from':'%s','to':'%s','amount':%s,'reference':'rent'}"
        .formatted(from, to, euros(amount));
  }

  /** All items of a list, page by page. */
  List<JsonNode> list(String path, String... headers) {
    List<JsonNode> items = new ArrayList<>();
    String page = path + (path.contains("?") ? "&" : "?") + "limit=200";
    String cursor = "";
    do {
      Answer answer = get(page + cursor, headers).expect(200);
      answer.json().path("items").forEach(items::add);
      JsonNode next = answer.json().path("next");
      cursor = next.isNull() ? null : "&cursor=" + next.asString();
    } while (cursor != null);
    return items;
  }
}

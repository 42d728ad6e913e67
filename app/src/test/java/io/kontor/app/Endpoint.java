package io.kontor.app;

import io.kontor.tenancy.IdGenerator;
import io.kontor.testsupport.ApiClient.Answer;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of the API: the roles that may make it, and a valid body. A field whose name ends in
 * {@code ?} is optional.
 *
 * @param call method and path, as it is mapped
 * @param roles empty when the call needs no token
 * @param movesMoney whether it needs an idempotency key
 */
record Endpoint(String call, Set<String> roles, boolean movesMoney, @Nullable String body) {
  /** An id that nothing has. */
  static final String UNKNOWN = "0198c0de-0000-7000-8000-00000000dead";

  private static final String MOVEMENT =
      "{'amount':{'amount':'1.00','currency':'EUR'},'reference':'r'}";
  private static final String PERIOD = "{'from':'2026-01-01','to':'2026-02-01','format':'PDF'}";
  private static final String WEBHOOK =
      "{'url':'https://partner.example/hook','kinds':[],'description':'d'," + "'enabled?':true}";
  private static final String CONDITIONS =
      "{'from':'2099-01-01','creditRate':'0.75','debitRate':'9.90','dayCount':'ACT_365',"
          + "'fee':{'amount':'2.90','currency':'EUR'},'feeRhythm':'MONTHLY'}";
  private static final String REASON = "{'reason':'court order'}";
  private static final String OPTIONAL_REASON = "{'reason?':'court order'}";

  /** Every call there is. A test fails when one is missing here. */
  static final List<Endpoint> ALL =
      List.of(
          read("GET /v1/accounts", "teller", "customer", "auditor"),
          read("GET /v1/accounts/{id}", "teller", "customer", "auditor"),
          read("GET /v1/accounts/{id}/postings", "teller", "customer", "auditor"),
          read("GET /v1/accounts/{id}/balance", "teller", "customer", "auditor"),
          read("GET /v1/accounts/{id}/statements", "teller", "customer", "auditor"),
          read("GET /v1/accounts/{id}/statements/{statement}", "teller", "customer", "auditor"),
          read(
              "GET /v1/accounts/{id}/statements/{statement}/document",
              "teller",
              "customer",
              "auditor"),
          change("POST /v1/accounts/{id}/statements", PERIOD, "teller", "customer"),
          read("GET /v1/admin/statement-runs/{id}", "admin", "auditor"),
          change("POST /v1/admin/statement-runs", PERIOD, "admin"),
          read("GET /v1/admin/bank-day", "admin", "auditor"),
          change("POST /v1/admin/bank-day", "{'day':'2099-01-31','zone':'UTC'}", "admin"),
          change("POST /v1/admin/bank-day/end", null, "admin"),
          read("GET /v1/admin/conditions/{currency}", "admin", "auditor"),
          change("PUT /v1/admin/conditions/{currency}", CONDITIONS, "admin"),
          read("GET /v1/accounts/{id}/conditions", "teller", "customer", "auditor"),
          change("PUT /v1/accounts/{id}/conditions", CONDITIONS, "teller"),
          change(
              "POST /v1/accounts",
              "{'customer':'c','owner':'o','currency':'EUR',"
                  + "'overdraftLimit?':{'amount':'1.00','currency':'EUR'}}",
              "teller"),
          movement("POST /v1/accounts/{id}/deposits", MOVEMENT, "teller"),
          movement("POST /v1/accounts/{id}/withdrawals", MOVEMENT, "teller"),
          movement(
              "POST /v1/accounts/{id}/holds",
              "{'amount':{'amount':'1.00','currency':'EUR'},'reference':'r',"
                  + "'expiresAt?':'2036-01-01T00:00:00Z'}",
              "teller"),
          movement(
              "POST /v1/accounts/{id}/holds/{hold}/capture",
              "{'amount?':{'amount':'1.00','currency':'EUR'}}",
              "teller"),
          change("POST /v1/accounts/{id}/holds/{hold}/release", null, "teller"),
          change("POST /v1/accounts/{id}/freeze", REASON, "teller"),
          change("POST /v1/accounts/{id}/unfreeze", REASON, "teller"),
          change(
              "PUT /v1/accounts/{id}/overdraft-limit",
              "{'overdraftLimit':{'amount':'1.00','currency':'EUR'}}",
              "teller"),
          change("POST /v1/accounts/{id}/close", null, "teller"),
          read("GET /v1/transfers", "teller", "customer", "auditor"),
          read("GET /v1/transfers/{id}", "teller", "customer", "auditor"),
          movement(
              "POST /v1/transfers",
              "{'from':'{account}','to':'{other}','amount':{'amount':'1.00','currency':'EUR'},"
                  + "'reference':'r'}",
              "teller",
              "customer"),
          movement("POST /v1/transfers/bulk", "{'transfers':[]}", "teller", "customer"),
          read("GET /v1/products/{sku}", "teller", "customer", "auditor"),
          change(
              "POST /v1/products",
              "{'sku':'{new}','name':'n','price':{'amount':'1.00','currency':'EUR'}}",
              "teller"),
          change("POST /v1/products/{sku}/stock", "{'quantity':1}", "teller"),
          read("GET /v1/orders/{id}", "teller", "customer", "auditor"),
          movement(
              "POST /v1/orders",
              "{'account':'{account}','items':[{'sku':'MUG-1','quantity':1}],"
                  + "'shippingAddress':{'name':'n','line1':'l','postalCode':'p','city':'c',"
                  + "'country':'DE'}}",
              "teller",
              "customer"),
          change("POST /v1/orders/{id}/cancel", REASON, "teller", "customer"),
          read("GET /v1/payments", "teller", "customer", "auditor"),
          read("GET /v1/payments/{id}", "teller", "customer", "auditor"),
          movement(
              "POST /v1/payments",
              "{'from':'{account}','creditor':{'name':'n','iban':'DE89370400440532013000'},"
                  + "'amount':{'amount':'1.00','currency':'EUR'},'reference':'r'}",
              "teller",
              "customer"),
          change("POST /v1/payments/{id}/retry", OPTIONAL_REASON, "teller"),
          change("POST /v1/payments/{id}/resolve", "{'outcome':'SETTLED','reason':'r'}", "teller"),
          read("GET /v1/standing-orders", "teller", "customer", "auditor"),
          read("GET /v1/standing-orders/{id}", "teller", "customer", "auditor"),
          movement(
              "POST /v1/standing-orders",
              "{'from':'{account}','to?':'{other}','amount':{'amount':'1.00','currency':'EUR'},"
                  + "'reference':'r','schedule':{'first':'2099-01-31','rhythm':'MONTHLY',"
                  + "'dayOfMonth?':31,'count?':12,'businessDayRule':'FOLLOWING',"
                  + "'calendar':'TARGET'}}",
              "teller",
              "customer"),
          change("POST /v1/standing-orders/{id}/pause", null, "teller", "customer"),
          change("POST /v1/standing-orders/{id}/resume", null, "teller", "customer"),
          change("POST /v1/standing-orders/{id}/cancel", null, "teller", "customer"),
          change(
              "POST /v1/clearing/notifications",
              "{'messageId':'{new}','reference':'{account}','state':'SETTLED','reason?':'r'}",
              "clearing"),
          read("GET /v1/admin/sagas", "admin", "auditor"),
          read("GET /v1/admin/sagas/{id}", "admin", "auditor"),
          change("POST /v1/admin/sagas/{id}/retry", OPTIONAL_REASON, "admin"),
          change("POST /v1/admin/sagas/{id}/compensate", OPTIONAL_REASON, "admin"),
          read("GET /v1/accounts/{id}/alerts", "teller", "customer", "auditor"),
          change(
              "PUT /v1/accounts/{id}/alerts",
              "{'below?':{'amount':'1.00','currency':'EUR'},"
                  + "'above?':{'amount':'9.00','currency':'EUR'}}",
              "teller",
              "customer"),
          read("GET /v1/notifications", "customer", "teller", "admin"),
          read("GET /v1/notifications/unread-count", "customer", "teller", "admin"),
          read("GET /v1/notifications/stream", "customer", "teller", "admin"),
          change("POST /v1/notifications/tickets", null, "customer", "teller", "admin"),
          change("POST /v1/notifications/{id}/read", null, "customer", "teller", "admin"),
          change("POST /v1/notifications/read-all", null, "customer", "teller", "admin"),
          read("GET /v1/notifications/preferences", "customer", "teller", "admin"),
          change(
              "PUT /v1/notifications/preferences",
              "{'muted':[],'listOnly?':[]}",
              "customer",
              "teller",
              "admin"),
          read("GET /v1/presence/{subject}", "teller", "admin", "auditor"),
          read("GET /v1/webhooks", "admin"),
          read("GET /v1/webhooks/{id}", "admin"),
          change("POST /v1/webhooks", WEBHOOK, "admin"),
          change("PUT /v1/webhooks/{id}", WEBHOOK, "admin"),
          change("DELETE /v1/webhooks/{id}", null, "admin"),
          change("POST /v1/webhooks/{id}/rotate-secret", null, "admin"),
          change("POST /v1/webhooks/{id}/test", null, "admin"),
          read("GET /v1/webhooks/{id}/deliveries", "admin"),
          change("POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver", null, "admin"),
          read("GET /v1/tenants/{tenant}/limits", "operator", "admin"),
          change(
              "PUT /v1/tenants/{tenant}/limits",
              "{'tenantPerMinute':1000000000,'userPerMinute':1000000000}",
              "operator"),
          change("DELETE /v1/tenants/{tenant}/limits", null, "operator"),
          read("GET /v1/caller", "teller", "customer", "auditor", "admin", "clearing", "operator"),
          read("GET /v1/api-keys", "admin", "auditor"),
          read("GET /v1/api-keys/{id}", "admin", "auditor"),
          change(
              "POST /v1/api-keys",
              "{'name':'n','scopes':['admin'],'subject?':'key:n','validForDays':90}",
              "admin"),
          change("DELETE /v1/api-keys/{id}", null, "admin"),
          read("GET /v1/ledger/trial-balance", "auditor"),
          read("GET /v1/ledger/entries/{id}", "auditor"),
          read("GET /v1/reports/trial-balance", "auditor"),
          read("GET /v1/reports/accounts", "teller", "customer", "auditor"),
          read("GET /v1/admin/events", "auditor", "admin"),
          read("GET /v1/admin/accounts/{id}/history", "auditor", "admin"),
          change("POST /v1/admin/chain-verifications", null, "admin"),
          read("GET /v1/admin/nodes", "operator"),
          read("GET /v1/admin/projections", "auditor", "admin", "operator"),
          change("POST /v1/admin/projections/{name}/dead-letters/retry", null, "admin", "operator"),
          read("GET /v1/admin/projections/{name}/dead-letters", "auditor", "admin"),
          read("GET /v1/admin/projections/{name}/dead-letters/{id}", "auditor", "admin"),
          change("POST /v1/admin/projections/{name}/dead-letters/{id}/retry", null, "admin"),
          change("POST /v1/admin/projections/{name}/dead-letters/{id}/discard", REASON, "admin"),
          change("POST /v1/admin/projections/rebuild", null, "admin", "operator"),
          change("POST /v1/admin/projections/{name}/rebuild", null, "admin", "operator"),
          change("POST /v1/admin/projections/{name}/rollback", null, "operator"),
          read("GET /v1/admin/rebuilds/{id}", "auditor", "admin", "operator"),
          read("GET /v1/admin/rebuilds/{id}/events", "auditor", "admin", "operator"),
          change("DELETE /v1/admin/rebuilds/{id}", null, "admin", "operator"),
          read("GET /v1/admin/jobs", "auditor", "admin", "operator"),
          read("GET /v1/admin/jobs/stats", "auditor", "admin", "operator"),
          read("GET /v1/admin/jobs/{id}", "auditor", "admin", "operator"),
          change("POST /v1/admin/jobs/{id}/retry", null, "admin", "operator"),
          change("POST /v1/admin/jobs/{id}/cancel", null, "admin", "operator"),
          change("POST /v1/admin/jobs/{id}/discard", REASON, "admin", "operator"),
          change("POST /v1/admin/jobs/queues/{name}/pause", null, "admin", "operator"),
          change("POST /v1/admin/jobs/queues/{name}/resume", null, "admin", "operator"),
          change("DELETE /v1/admin/data-subjects/{subject}", null, "admin"),
          change("POST /v1/tenants", "{'id':'tenant-x','name':'n','isolation?':'ROW'}", "operator"),
          read("GET /v1/tenants", "operator"),
          read("GET /v1/tenants/{tenant}", "operator"),
          change("POST /v1/tenants/{tenant}/move", "{'to':'DATABASE'}", "operator"),
          change("POST /v1/tenants/{tenant}/move/confirm", null, "operator"),
          change("DELETE /v1/tenants/{tenant}", null, "operator"),
          change("POST /dev/token", "{'tenant':'acme','subject':'s','roles':['teller']}"));

  String method() {
    return call.substring(0, call.indexOf(' '));
  }

  String pattern() {
    return call.substring(call.indexOf(' ') + 1);
  }

  boolean isChange() {
    return !method().equals("GET");
  }

  /** The path to a thing of that id. */
  String path(String id) {
    return path(id, id, id);
  }

  /**
   * The path to a thing.
   *
   * @param part the id of what is below it, such as a hold
   * @param subject a person
   */
  String path(String id, String part, String subject) {
    return pattern()
        .replace("{id}", id)
        .replace("{hold}", part)
        .replace("{statement}", part)
        .replace("{delivery}", part)
        .replace("{subject}", subject)
        .replace("{tenant}", "no-such-bank")
        .replace("{currency}", "EUR")
        .replace("{name}", "accounts")
        .replace("{sku}", "MUG-1");
  }

  /** Makes the call about a thing of that id, with an idempotency key of its own. */
  Answer send(BankClient caller, String id) {
    return caller.send(method(), path(id), sent(id), "Idempotency-Key", BankClient.newKey());
  }

  /** The body about an account of that id, as it is sent. */
  @Nullable String sent(String account) {
    String sent = sent();
    return sent == null ? null : sent.replace("{account}", account).replace("{other}", UNKNOWN);
  }

  /** The body as it is sent, without the marks. */
  @Nullable String sent() {
    return body == null
        ? null
        : body.replace("?'", "'").replace("{new}", IdGenerator.next().toString());
  }

  @Override
  public String toString() {
    return call;
  }

  static Stream<Endpoint> withId() {
    return ALL.stream().filter(endpoint -> endpoint.pattern().contains("{id}"));
  }

  static Stream<Endpoint> withBody() {
    return ALL.stream().filter(endpoint -> endpoint.body != null);
  }

  private static Endpoint read(String call, String... roles) {
    return new Endpoint(call, Set.of(roles), false, null);
  }

  private static Endpoint change(String call, @Nullable String body, String... roles) {
    return new Endpoint(call, Set.of(roles), false, body);
  }

  private static Endpoint movement(String call, String body, String... roles) {
    return new Endpoint(call, Set.of(roles), true, body);
  }
}

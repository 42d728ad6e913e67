package io.kontor.app;

import static io.kontor.simulator.SimulatedCall.BOOK_SHIPMENT;
import static io.kontor.simulator.SimulatedCall.SUBMIT_PAYMENT;
import static org.awaitility.Awaitility.await;

import io.kontor.app.ApiDescription.Call;
import io.kontor.database.DatabaseLogin;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.job.queue.JobType;
import io.kontor.lock.Lease;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.FaultRules;
import io.kontor.simulator.InjectedFault;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.testsupport.ApiClient.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A tenant of its own with what has to be there before the example of one call can be sent. */
final class ApiExamples implements AutoCloseable {
  /** The two accounts in all examples. */
  private static final String ADA = "01900000-0000-7000-8000-00000000000a";

  private static final String BOB = "01900000-0000-7000-8000-00000000000b";

  /** The id of the clearing house's message in its example. */
  private static final String MESSAGE = "8f14e45f";

  @SuppressWarnings("rawtypes")
  private static final JobType<Map> UNKNOWN_TYPE =
      JobType.of("known-to-no-handler", Map.class, JobPriority.LOW);

  private static final String STATEMENTS = "{'from':'2026-01-01','to':'2026-02-01','format':'CSV'}";
  private static final String LARGEST = "92233720368547758.07";
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String MOVE_BACK = "{\"to\":\"SCHEMA\"}";

  private final BankFixture bank;
  private final Call call;
  private final FaultRules faults;
  private String tenant;
  private final BankClient teller;
  private final String ada;
  private final String bob;
  private @Nullable Lease rebuildLease;

  /** A request that may be sent. */
  record Ready(String path, @Nullable String body) {
    Ready with(String text, String other) {
      return new Ready(path.replace(text, other), body == null ? null : body.replace(text, other));
    }
  }

  ApiExamples(BankFixture bank, Call call) {
    this.bank = bank;
    this.call = call;
    faults = bank.part("counterparty", CounterpartySimulator.class).faults().none();
    tenant =
        call.path().contains("dead-letters") ? ParkedDeposit.in(bank).tenant() : bank.newTenant();
    teller = bank.teller(tenant);
    ada = accountWith("1000.00");
    bob = teller.openAccount();
    if (!call.id().equals("registerProduct")) {
      teller.getAfter(teller.offer("MUG-1", "9.90", 100), "/v1/products/MUG-1").expect(200);
    }
  }

  /** A client with a role; a customer is the owner of the accounts. */
  BankClient with(String role) {
    return role.equals("operator")
        ? bank.operator()
        : bank.anyone().withToken(tenant, "cust-42", role);
  }

  BankClient teller() {
    return teller;
  }

  /** The call's example, for accounts and other things that there are. */
  Ready example() {
    return example(call.id().equals("closeAccount") ? teller.openAccount() : ada);
  }

  /** The call's example, for this account. */
  Ready example(String account) {
    String path = call.path();
    if (path.contains("{id}")) {
      path = path.replace("{id}", subject(account));
    }
    if (path.contains("{hold}")) {
      path = path.replace("{hold}", holdOn(account, "50.00"));
    }
    if (path.contains("{statement}")) {
      path = path.replace("{statement}", teller.statement(account));
    }
    if (path.contains("{delivery}")) {
      path = path.replace("{delivery}", delivery(path));
    }
    path = named(path);
    if (path.startsWith("/v1/admin/bank-day") && !call.id().equals("openBankDay")) {
      openBankDay();
    }
    String body = call.example();
    if (body == null) {
      return new Ready(path, null);
    }
    String first = call.id().equals("notifyOfPayment") ? payment() : account;
    return new Ready(path, body.replace(ADA, first).replace(BOB, bob));
  }

  /** The call's example, for what does not exist. */
  Ready unknown() {
    return unknown("none");
  }

  /** The call's example, for ids that do not exist, of a projection that there is. */
  Ready anyId() {
    return unknown("accounts");
  }

  private Ready unknown(String projection) {
    String path = call.path();
    for (String id : new String[] {"{id}", "{hold}", "{statement}", "{delivery}"}) {
      path = path.replace(id, UUID.randomUUID().toString());
    }
    path =
        path.replace("{sku}", "NONE")
            .replace("{name}", projection)
            .replace("{subject}", "x")
            .replace("{currency}", projection.equals("none") ? "XXX" : "EUR")
            .replace("{tenant}", "none");
    if (path.startsWith("/v1/admin/bank-day")) {
      // It is the tenant's only one, so it is missing where another tenant asks.
      tenant = bank.newTenant();
    }
    if (call.isRead() && call.parameter("account") != null) {
      path += "?account=" + UUID.randomUUID();
    }
    var ready = new Ready(path, call.example());
    return ready.with(MESSAGE, BankClient.newKey());
  }

  /** Whether the example is answered with this problem when it is sent again with another key. */
  boolean isForTheFirstTimeOnly(String slug) {
    return switch (slug) {
      case "product-exists", "tenant-exists", "bank-day-open" -> true;
      case "rebuild-refused" -> call.path().endsWith("/rebuild");
      default -> false;
    };
  }

  /** The call's example where it can only be answered with this problem. */
  Ready rejected(String slug) {
    return switch (slug) {
      case "account-frozen" -> frozen();
      case "account-closed" -> example(closedAccount());
      case "currency-mismatch" ->
          call.id().equals("placeOrder")
              ? example(teller.openAccount("cust-42", "USD"))
              : example().with("\"EUR\"", "\"USD\"");
      case "insufficient-funds" ->
          example(call.id().equals("changeOverdraftLimit") ? overdrawn() : teller.openAccount());
      case "balance-out-of-range" -> outOfRange();
      case "account-not-empty" -> example(ada);
      case "same-account" -> example().with(bob, ada);
      case "hold-expired" -> example().with("2099-", "2020-");
      case "hold-not-active" -> withHold(releasedHold());
      case "capture-exceeds-hold" -> withHold(holdOn(ada, "1.00"));
      case "statement-not-ready" -> withWaitingStatement();
      case "order-confirmed" -> about(confirmedOrder());
      case "nothing-to-resume" -> about(cancelledOrder());
      case "payment-not-waiting" -> about(payment());
      case "standing-order-ended" -> about(cancelledStandingOrder());
      case "job-state-conflict" -> about(call.id().equals("discardJob") ? job() : job("COMPLETED"));
      case "tenant-place-conflict" ->
          switch (call.id()) {
            case "closeTenant" -> {
              bank.closeTenant(tenant);
              yield new Ready("/v1/tenants/%1$s?confirm=%1$s".formatted(tenant), null);
            }
            case "moveTenant" -> new Ready(call.path().replace("{tenant}", leaver()), MOVE_BACK);
            default -> new Ready(call.path().replace("{tenant}", tenant), null);
          };
      case "rebuild-refused" ->
          call.id().equals("abortRebuild")
              ? about(endedRebuild())
              : new Ready(call.path().replace("{name}", "payments"), null);
      default -> throw new AssertionError("no request is known to be answered with " + slug);
    };
  }

  @Override
  public void close() {
    faults.none();
    releaseRebuilds();
  }

  private String subject(String account) {
    return switch (call.id()) {
      case "getTransfer" -> transfer().text("id");
      case "getJournalEntry" -> transfer().text("entryId");
      case "getPayment" -> payment();
      case "retryPayment", "resolvePayment" -> waitingPayment();
      case "getStandingOrder", "pauseStandingOrder", "resumeStandingOrder", "cancelStandingOrder" ->
          standingOrder();
      case "getOrder", "cancelOrder", "getProcess", "retryProcess", "compensateProcess" ->
          heldOrder();
      case "getRebuild", "watchRebuild" -> rebuild();
      case "markNotificationRead" -> notification();
      case "getWebhook",
          "changeWebhook",
          "deleteWebhook",
          "rotateWebhookSecret",
          "testWebhook",
          "listWebhookDeliveries",
          "redeliverToWebhook" ->
          webhook();
      case "getApiKey", "revokeApiKey" -> apiKey();
      case "getStatementRun" ->
          with("admin").post("/v1/admin/statement-runs", STATEMENTS).expect(202).text("id");
      case "abortRebuild" -> {
        holdRebuilds();
        yield rebuild();
      }
      case "getJob", "retryJob", "cancelJob" -> job();
      case "discardJob" -> job("DEAD");
      case "getDeadLetter", "retryDeadLetter", "discardDeadLetter" ->
          with("admin").get(ParkedDeposit.LETTERS).json().at("/items/0/id").asString();
      default -> account;
    };
  }

  private void openBankDay() {
    String day = "{'day':'2099-01-31','zone':'UTC'}";
    Answer opened = with("admin").post("/v1/admin/bank-day", day).expect(201);
    with("admin").getAfter(opened, "/v1/admin/bank-day").expect(200);
  }

  private String named(String path) {
    if (call.id().equals("rollBackProjection")) {
      haveAPreviousGeneration();
    }
    if (call.id().equals("closeTenant")) {
      String closed = bank.newTenantIn(TenantIsolation.SCHEMA);
      return path.replace("{tenant}", closed) + "?confirm=" + closed;
    }
    if (call.id().equals("confirmTenantMove")) {
      return path.replace("{tenant}", leaver());
    }
    if (path.contains("/queues/")) {
      job();
      path = path.replace("{name}", UNKNOWN_TYPE.name());
    }
    return path.replace("{sku}", "MUG-1")
        .replace("{subject}", "cust-42")
        .replace("{tenant}", tenant)
        .replace("{currency}", "EUR")
        .replace("{name}", path.contains("dead-letters") ? "accounts" : "transfers");
  }

  /** A tenant of the shared tables whose former schema is kept. */
  private String leaver() {
    String leaver = bank.newTenant();
    JdbcClient.create(bank.postgres().dataSource(DatabaseLogin.WORKER))
        .sql(
            "insert into kontor.former_cell (tenant_id, isolation, address, secret)"
                + " values (?, 'SCHEMA', 'schema kontor-' || ?, 'kontor.db')")
        .params(leaver, leaver)
        .update();
    return leaver;
  }

  private Ready about(String id) {
    return new Ready(call.path().replace("{id}", id), call.example());
  }

  private Ready withHold(String hold) {
    return new Ready(call.path().replace("{id}", ada).replace("{hold}", hold), call.example());
  }

  /** Of which the jobs are paused. */
  private Ready withWaitingStatement() {
    with("admin").post("/v1/admin/jobs/queues/statement/pause", "");
    String waiting =
        teller.post("/v1/accounts/%s/statements".formatted(ada), STATEMENTS).expect(202).text("id");
    return new Ready(call.path().replace("{id}", ada).replace("{statement}", waiting), null);
  }

  /** Frozen after its hold was placed, where the call needs one. */
  private Ready frozen() {
    String account = accountWith("1000.00");
    Ready ready = example(account);
    teller.freeze(account).expect(200);
    return ready;
  }

  private Ready outOfRange() {
    String full = accountWith(LARGEST);
    return call.id().equals("transfer") ? example().with(bob, full) : example(full);
  }

  private String accountWith(String amount) {
    String account = teller.openAccount();
    teller.getAfter(teller.deposit(account, amount).expect(200), "/v1/accounts/" + account);
    return account;
  }

  /** It uses more than the limit in the example. */
  private String overdrawn() {
    String account = teller.openAccount();
    teller
        .put(
            "/v1/accounts/%s/overdraft-limit".formatted(account),
            "{'overdraftLimit':%s}".formatted(BankClient.euros("900.00")))
        .expect(200);
    teller.withdraw(account, "900.00").expect(200);
    return account;
  }

  private String closedAccount() {
    String account = teller.openAccount();
    teller.close(account).expect(200);
    return account;
  }

  private String holdOn(String account, String amount) {
    Answer placed = teller.placeHold(account, amount);
    return placed.status() == 201 ? placed.text("id") : UUID.randomUUID().toString();
  }

  private String releasedHold() {
    String hold = holdOn(ada, "1.00");
    teller.releaseHold(ada, hold).expect(200);
    return hold;
  }

  private Answer transfer() {
    Answer sent = teller.transfer(ada, bob, "1.00").expect(201);
    teller.getAfter(sent, "/v1/transfers/" + sent.text("id")).expect(200);
    return sent;
  }

  private String apiKey() {
    return with("admin")
        .post("/v1/api-keys", "{'name':'a test','scopes':['admin'],'validForDays':1}")
        .expect(201)
        .text("id");
  }

  private String webhook() {
    return with("admin")
        .post("/v1/webhooks", "{'url':'https://partner.example/hook','kinds':[],'description':'d'}")
        .expect(201)
        .text("id");
  }

  /** A test message of the webhook in that path. */
  private String delivery(String path) {
    String webhook = path.substring(0, path.indexOf("/deliveries"));
    with("admin").post(webhook + "/test", "").expect(202);
    return with("admin").list(webhook + "/deliveries").getFirst().path("id").asString();
  }

  /** Of the customer, whose account has money. */
  private String notification() {
    return await()
        .atMost(SOON)
        .until(() -> with("customer").list("/v1/notifications"), news -> !news.isEmpty())
        .getFirst()
        .path("id")
        .asString();
  }

  private String payment() {
    return teller
        .post(
            "/v1/payments",
            BankClient.paymentBody(ada, "1.00"),
            "Idempotency-Key",
            BankClient.newKey(),
            "Prefer",
            "wait=30")
        .expect(200)
        .text("id");
  }

  private String waitingPayment() {
    faults.always(SUBMIT_PAYMENT, InjectedFault.FAIL);
    String payment = teller.pay(ada, "1.00").expect(202).text("id");
    await()
        .atMost(SOON)
        .until(
            () -> teller.get("/v1/payments/" + payment),
            read -> read.json().path("needsAttention").asBoolean(false));
    faults.none();
    return payment;
  }

  private String standingOrder() {
    Answer created = teller.createStandingOrder(ada, bob).expect(201);
    teller.getAfter(created, "/v1/standing-orders/" + created.text("id")).expect(200);
    return created.text("id");
  }

  private String cancelledStandingOrder() {
    String order = standingOrder();
    teller.post("/v1/standing-orders/%s/cancel".formatted(order), "").expect(200);
    return order;
  }

  /** An order that waits for a carrier that does not answer. */
  private String heldOrder() {
    faults.always(BOOK_SHIPMENT, InjectedFault.FAIL);
    Answer placed = teller.order(ada, "MUG-1", 1);
    String order = placed.text("id");
    teller.getAfter(placed, "/v1/orders/" + order).expect(200);
    await().atMost(SOON).until(() -> with("admin").get("/v1/admin/sagas/" + order).status() == 200);
    return order;
  }

  private String confirmedOrder() {
    faults.none();
    return teller.orderAndWait(ada, "MUG-1", 1).text("id");
  }

  private String cancelledOrder() {
    String order = heldOrder();
    teller.post("/v1/orders/%s/cancel".formatted(order), "{'reason':'r'}").expect(202);
    faults.none();
    await()
        .atMost(SOON)
        .until(() -> teller.get("/v1/orders/" + order).text("status").equals("CANCELLED"));
    return order;
  }

  /** A job that waits, since no handler knows its type. */
  private String job() {
    return bank.part("workerJobQueue", JobQueue.class)
        .enqueue(new TenantId(tenant), JobRequest.of(UNKNOWN_TYPE, Map.of(), "a test"))
        .toString();
  }

  private String job(String state) {
    String job = job();
    JdbcClient.create(bank.postgres().dataSource(DatabaseLogin.WORKER))
        .sql("update kontor.job set state = ?, ended_at = now() where id = cast(? as uuid)")
        .param(state)
        .param(job)
        .update();
    return job;
  }

  private String rebuild() {
    return with("admin").post("/v1/admin/projections/transfers/rebuild", "").expect(202).text("id");
  }

  private String endedRebuild() {
    releaseRebuilds();
    return ended(rebuild());
  }

  private String ended(String rebuild) {
    String path = "/v1/admin/rebuilds/" + rebuild;
    await()
        .atMost(SOON)
        .until(() -> bank.operator().get(path).json().path("state").asString().equals("DONE"));
    return rebuild;
  }

  private void haveAPreviousGeneration() {
    ended(
        bank.operator().post("/v1/admin/projections/transfers/rebuild", "").expect(202).text("id"));
  }

  private void releaseRebuilds() {
    if (rebuildLease != null) {
      rebuildLease.close();
    }
  }

  /** Keeps rebuilds from going on, until this is closed. */
  private void holdRebuilds() {
    rebuildLease = bank.leaseForRebuildOf("transfers");
  }
}

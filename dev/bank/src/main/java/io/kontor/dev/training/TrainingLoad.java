package io.kontor.dev.training;

import io.kontor.simulator.Issuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;

/**
 * What clients do, in the shares of a usual day: mostly deposits, transfers and reads; now and then
 * a hold, a refusal, a bulk, a payment, an order, an auditor's look at the books.
 */
final class TrainingLoad {
  private static final String TENANT = "training";
  private static final int CLIENTS = 32;
  private static final int ACCOUNTS = 400;
  private static final int PER_BULK = 50;

  /** Refusals are part of the load, and under full load a read model may be behind. */
  private static final Set<Integer> EXPECTED = Set.of(200, 201, 202, 422, 503);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JsonMapper json = new JsonMapper();
  private final int port;
  private final String operator;
  private final String teller;
  private final String auditor;
  private final List<String> accounts = new ArrayList<>();

  TrainingLoad(int port, Issuer issuer) {
    this.port = port;
    operator = issuer.operator();
    teller = issuer.token(TENANT, "teller");
    auditor = issuer.token(TENANT, "auditor");
  }

  /** Calls for so long with many clients at once; ends early when a call fails. */
  void run(Duration time) throws IOException, InterruptedException {
    prepare();
    long deadline = System.nanoTime() + time.toNanos();
    List<Callable<Void>> clients = new ArrayList<>();
    for (int n = 0; n < CLIENTS; n++) {
      clients.add(
          () -> {
            while (System.nanoTime() < deadline) {
              anyCall(ThreadLocalRandom.current().nextInt(1_000));
            }
            return null;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> client : threads.invokeAll(clients)) {
        client.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  private void prepare() throws IOException, InterruptedException {
    post(operator, "/v1/tenants", "{'id':'%s','name':'Training'}".formatted(TENANT));
    for (int n = 0; n < ACCOUNTS; n++) {
      HttpResponse<String> opened =
          post(
              teller,
              "/v1/accounts",
              "{'customer':'cust-%d','owner':'Ada Lovelace','currency':'EUR'}".formatted(n));
      accounts.add(json.readTree(opened.body()).path("id").asString());
      post(teller, "/v1/accounts/" + accounts.get(n) + "/deposits", movement("1000.00"));
    }
    post(
        teller,
        "/v1/products",
        "{'sku':'training','name':'A thing','price':%s}".formatted(money("0.01")));
    post(teller, "/v1/products/training/stock", "{'quantity':1000000}");
  }

  private void anyCall(int dice) throws IOException, InterruptedException {
    if (dice < 450) {
      post(teller, account() + "/deposits", movement("0.01"));
    } else if (dice < 600) {
      post(teller, "/v1/transfers", transfer());
    } else if (dice < 700) {
      get(teller, account());
    } else if (dice < 780) {
      get(teller, account() + "/postings?limit=20");
    } else if (dice < 860) {
      post(teller, account() + "/withdrawals", movement("0.01"));
    } else if (dice < 880) {
      post(teller, account() + "/withdrawals", movement("90000000.00"));
    } else if (dice < 910) {
      readAfterWrite();
    } else if (dice < 930) {
      post(teller, account() + "/holds", movement("0.01"));
    } else if (dice < 940) {
      post(teller, "/v1/transfers/bulk", bulk());
    } else if (dice < 960) {
      post(teller, "/v1/payments", payment());
    } else if (dice < 980) {
      post(teller, "/v1/orders", order());
    } else if (dice < 990) {
      get(auditor, "/v1/ledger/trial-balance");
    } else {
      get(teller, "/v1/transfers?limit=20");
    }
  }

  private void readAfterWrite() throws IOException, InterruptedException {
    String account = account();
    String position =
        post(teller, account + "/deposits", movement("0.01"))
            .headers()
            .firstValue("Kontor-Position")
            .orElse("0");
    send(request(teller, account).header("Kontor-Min-Position", position).build());
  }

  private HttpResponse<String> get(String token, String path)
      throws IOException, InterruptedException {
    return send(request(token, path).build());
  }

  private HttpResponse<String> post(String token, String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(token, path)
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.replace('\'', '"')))
            .build());
  }

  private HttpRequest.Builder request(String token, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (!EXPECTED.contains(response.statusCode())) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(
                  request.method(),
                  request.uri().getPath(),
                  response.statusCode(),
                  response.body()));
    }
    return response;
  }

  private String account() {
    return "/v1/accounts/" + any();
  }

  private String any() {
    return accounts.get(ThreadLocalRandom.current().nextInt(ACCOUNTS));
  }

  private String transfer() {
    return "{'from':'%s','to':'%s','amount':%s,'reference':'rent'}"
        .formatted(any(), any(), money("0.01"));
  }

  private String bulk() {
    List<String> transfers = new ArrayList<>();
    for (int n = 0; n < PER_BULK; n++) {
      transfers.add(transfer());
    }
    return "{'transfers':[%s]}".formatted(String.join(",", transfers));
  }

  private String payment() {
    return ("{'from':'%s','creditor':{'name':'Grace Hopper','iban':'DE89370400440532013000'},"
            + "'amount':%s,'reference':'invoice'}")
        .formatted(any(), money("0.01"));
  }

  private String order() {
    return ("{'account':'%s','items':[{'sku':'training','quantity':1}],'shippingAddress':"
            + "{'name':'Ada','line1':'Street-1','postalCode':'10115','city':'Berlin','country':'DE'}}")
        .formatted(any());
  }

  private static String movement(String amount) {
    return "{'amount':%s,'reference':'training'}".formatted(money(amount));
  }

  private static String money(String amount) {
    return "{'amount':'%s','currency':'EUR'}".formatted(amount);
  }
}

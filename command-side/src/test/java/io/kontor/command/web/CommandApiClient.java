package io.kontor.command.web;

import io.kontor.testsupport.ApiClient;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client of the command side alone, whose tokens are {@code tenant.subject.role}. */
final class CommandApiClient extends ApiClient {
  private CommandApiClient(int port, String token) {
    super(port, token);
  }

  static CommandApiClient teller(int port, String tenant) {
    return new CommandApiClient(port, tenant + ".tim.teller");
  }

  static CommandApiClient customer(int port, String tenant, String subject) {
    return new CommandApiClient(port, tenant + "." + subject + ".customer");
  }

  /** Sends with a new idempotency key. */
  Answer post(String path, String body) {
    return post(path, body, UUID.randomUUID().toString());
  }

  Answer post(String path, String body, @Nullable String key, String... headers) {
    String[] all =
        key == null
            ? headers
            : Stream.concat(Stream.of("Idempotency-Key", key), Stream.of(headers))
                .toArray(String[]::new);
    return send("POST", path, body, all);
  }

  Answer put(String path, String body) {
    return send("PUT", path, body);
  }

  /** Opens an account of {@code cust-42} in EUR and returns its id. */
  String open(String balance) {
    String id =
        post("/v1/accounts", "{'customer':'cust-42','owner':'Ada Lovelace','currency':'EUR'}")
            .text("id");
    if (!balance.equals("0.00")) {
      post("/v1/accounts/" + id + "/deposits", movement(balance));
    }
    return id;
  }

  static String movement(String amount) {
    return "{'amount':{'amount':'%s','currency':'EUR'},'reference':'test'}".formatted(amount);
  }

  static String transfer(String from, String to, String amount) {
    return "{'from':'%s','to':'%s','amount':{'amount':'%s','currency':'EUR'},'reference':'rent'}"
        .formatted(from, to, amount);
  }
}

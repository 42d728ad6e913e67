package io.kontor.command.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP client of the command API. */
record CommandApiClient(int port, String token) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

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
    return send("POST", path, body, key, headers);
  }

  Answer put(String path, String body) {
    return send("PUT", path, body, null);
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

  private Answer send(
      String method, String path, String body, @Nullable String key, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body.replace('\'', '"')));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A response. */
  record Answer(HttpResponse<String> http) {
    int status() {
      return http.statusCode();
    }

    @Nullable String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(http.body());
    }

    String text(String field) {
      return json().path(field).asString();
    }

    /** The slug of the problem's type. */
    String slug() {
      return text("type").replace("https://kontor.example/problems/", "");
    }

    String pointer() {
      return json().path("errors").path(0).path("pointer").asString();
    }
  }
}

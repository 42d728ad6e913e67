package io.kontor.console.page;

import io.kontor.console.client.BankApi;
import io.kontor.console.client.BankApi.Sent;
import io.kontor.console.client.CallPath;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/** Changes by a button: sent to the API, and then the page again as it is after them. */
@Component
final class Changes {
  private final BankApi api;

  Changes(BankApi api) {
    this.api = api;
  }

  /** Why a person does something. */
  record Reason(@Nullable String reason) {}

  /**
   * @param key the idempotency key of the button's form
   * @param page where to go afterwards
   */
  String post(CallPath call, @Nullable Object body, @Nullable String key, CallPath page) {
    Sent sent = send(HttpMethod.POST, call, body, key);
    return "redirect:" + page.with("done", "true").with("position", sent.position()).value();
  }

  Sent send(HttpMethod method, CallPath call, @Nullable Object body, @Nullable String key) {
    return api.send(
        method, call, body, Objects.requireNonNullElseGet(key, () -> UUID.randomUUID().toString()));
  }
}

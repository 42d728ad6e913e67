package io.kontor.console.page;

import io.kontor.console.client.ApiProblemException;
import io.kontor.console.client.BankApi;
import io.kontor.console.client.BankApi.Sent;
import io.kontor.console.client.CallPath;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

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
   * Sends a change, and shows a page.
   *
   * @param key the idempotency key of the button's form
   * @param page where to go afterwards
   */
  String post(CallPath call, @Nullable Object body, @Nullable String key, CallPath page) {
    return thenShow(page, send(HttpMethod.POST, call, body, key));
  }

  /** As {@link #post}, with what is to be at the call's path from now on. */
  String put(CallPath call, Object body, @Nullable String key, CallPath page) {
    return thenShow(page, send(HttpMethod.PUT, call, body, key));
  }

  /** As {@link #post}, to have what is at the call's path removed. */
  String delete(CallPath call, @Nullable String key, CallPath page) {
    return thenShow(page, send(HttpMethod.DELETE, call, null, key));
  }

  /** As {@link #post}, to the page of what was created. */
  String create(CallPath call, Object body, @Nullable String key, String pages) {
    Sent sent = send(HttpMethod.POST, call, body, key);
    return thenShow(CallPath.of(pages + "/{}", sent.newId()), sent);
  }

  /** Sends a change that a job carries out, and shows the job, which says how far it is. */
  String byJob(HttpMethod method, CallPath call, @Nullable Object body, @Nullable String key) {
    return "redirect:"
        + CallPath.of("/console/jobs/{}", send(method, call, body, key).newId()).value();
  }

  private static String thenShow(CallPath page, Sent sent) {
    return "redirect:" + page.with("done", "true").with("position", sent.position()).value();
  }

  Sent send(HttpMethod method, CallPath call, @Nullable Object body, @Nullable String key) {
    return api.send(method, call, body, keyOf(key));
  }

  /** As {@link #post}, for a page that shows the answer. */
  <T> T answer(Class<T> type, CallPath call, @Nullable Object body, @Nullable String key) {
    return api.post(type, call, body, keyOf(key));
  }

  private static String keyOf(@Nullable String key) {
    return Objects.requireNonNullElseGet(key, () -> UUID.randomUUID().toString());
  }

  /** Has a form shown again with what was written, and with what the API refused. */
  static String again(
      String form, ApiProblemException problem, HttpServletResponse response, Model model) {
    response.setStatus(problem.status());
    model.addAttribute("problem", problem);
    return form;
  }
}

package io.kontor.notifications.webhook;

import io.kontor.httpclient.ForeignText;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Posts to webhooks. The JDK's HTTP client looks a host up by itself, so an address that was
 * checked need not be the one it calls: this client opens the connection to the checked address. It
 * follows no redirect, and reads a little of the answer for as long as a call may take.
 */
final class WebhookClient {
  private static final int SUCCESS = 200;
  private static final int FIRST_FAILURE = 300;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})\\b.*");

  private final Duration timeout;
  private final boolean isDevelopment;

  /**
   * @param timeout of a whole call
   * @param isDevelopment whether addresses that are not public may be called
   */
  WebhookClient(Duration timeout, boolean isDevelopment) {
    this.timeout = timeout;
    this.isDevelopment = isDevelopment;
  }

  /**
   * What came of a call.
   *
   * @param status of the answer; null without one
   * @param answer the beginning of the answer's body, or why there is none
   */
  record Outcome(@Nullable Integer status, String answer) {
    static Outcome failure(@Nullable String why, String otherwise) {
      return new Outcome(null, ForeignText.line(why, otherwise));
    }

    boolean isSuccess() {
      return status != null && status >= SUCCESS && status < FIRST_FAILURE;
    }
  }

  /**
   * Posts JSON; a failure is an outcome, too. The call has a thread of its own, since neither the
   * look-up of a name nor TLS can be given a time limit: when the time is over, its socket is
   * closed.
   */
  Outcome post(String url, Map<String, String> headers, String json) {
    WebhookAddress address;
    try {
      address = WebhookAddress.parse(url, isDevelopment);
    } catch (IllegalArgumentException malformed) {
      return Outcome.failure(malformed.getMessage(), malformed.toString());
    }
    try (var call = new WebhookCall(address, isDevelopment)) {
      var answer = new FutureTask<>(() -> call.post(headers, json));
      Thread.ofPlatform().name("webhook-call").daemon().start(answer);
      return outcome(call, answer);
    }
  }

  private Outcome outcome(WebhookCall call, Future<String> answer) {
    try {
      return outcome(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      String read = call.read();
      return WebhookCall.hasHead(read) ? outcome(read) : Outcome.failure("no answer in time", "");
    } catch (ExecutionException failure) {
      Throwable cause = Objects.requireNonNull(failure.getCause());
      return Outcome.failure(cause.getMessage(), cause.toString());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Outcome.failure("interrupted", "");
    }
  }

  private static Outcome outcome(String answer) {
    Matcher status = STATUS.matcher(answer.lines().findFirst().orElse(""));
    return status.matches()
        ? new Outcome(
            Integer.valueOf(status.group(1)), ForeignText.line(WebhookCall.body(answer), ""))
        : Outcome.failure("the answer is not of HTTP/1.1", "");
  }
}

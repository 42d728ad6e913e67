package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.console.session.ConsoleSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletResponse;

/**
 * A browser without scripts: it keeps cookies, fills in forms and follows no redirect by itself.
 */
final class ConsoleBrowser {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

  private final int port;
  private final Map<String, String> cookies = new TreeMap<>();

  private ConsoleBrowser(int port) {
    this.port = port;
  }

  /** A browser in which no person is signed in. */
  static ConsoleBrowser signedOut(BankFixture bank) {
    return new ConsoleBrowser(bank.anyone().port());
  }

  /** A browser with the session of a client's token. */
  static ConsoleBrowser of(BankFixture bank, BankClient person) {
    var browser = signedOut(bank);
    var response = new MockHttpServletResponse();
    bank.part(ConsoleSession.class).begin(response, person.token());
    browser.keep(response.getHeader(HttpHeaders.SET_COOKIE));
    return browser;
  }

  Map<String, String> cookies() {
    return cookies;
  }

  void keep(String setCookie) {
    for (HttpCookie cookie : HttpCookie.parse(setCookie)) {
      if (cookie.getMaxAge() == 0) {
        cookies.remove(cookie.getName());
      } else {
        cookies.put(cookie.getName(), cookie.getValue());
      }
    }
  }

  PageAnswer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  /** Opens a stream, which goes on until it is closed. */
  BufferedReader open(String path, String... headers) {
    try {
      HttpResponse<InputStream> answer =
          HTTP.send(request(path, headers).GET().build(), BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue(HttpHeaders.CONTENT_TYPE).orElse(""))
          .startsWith("text/event-stream");
      return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends the form of a page with its hidden fields, as a browser would. */
  PageAnswer submit(PageAnswer page, String path, Map<String, String> fields) {
    Map<String, String> all = new TreeMap<>(page.hidden());
    all.putAll(fields);
    return post(path, all);
  }

  /** Sends fields without a page, as a form of another site would. */
  PageAnswer post(String path, Map<String, String> fields) {
    String form =
        fields.entrySet().stream()
            .map(
                field ->
                    URLEncoder.encode(field.getKey(), UTF_8)
                        + "="
                        + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(joining("&"));
    return send(
        request(path)
            .header(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    URI uri = URI.create("http://localhost:" + port).resolve(path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
    if (!cookies.isEmpty()) {
      request.header(
          HttpHeaders.COOKIE,
          cookies.entrySet().stream().map(Object::toString).collect(joining("; ")));
    }
    return headers.length == 0 ? request : request.headers(headers);
  }

  private PageAnswer send(HttpRequest.Builder request) {
    try {
      var answer = HTTP.send(request.build(), BodyHandlers.ofString());
      answer.headers().allValues(HttpHeaders.SET_COOKIE).forEach(this::keep);
      return new PageAnswer(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A page, or what came in its place. */
  record PageAnswer(HttpResponse<String> http) {
    int status() {
      return http.statusCode();
    }

    String html() {
      return http.body();
    }

    /** Where it leads; empty when nowhere. */
    String location() {
      return header(HttpHeaders.LOCATION).replaceFirst("^http://localhost:[0-9]+", "");
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse("");
    }

    PageAnswer expect(int status) {
      if (status() != status) {
        throw new AssertionError(
            "%s: %d instead of %d: %s"
                .formatted(http.request().uri().getPath(), status(), status, html()));
      }
      return this;
    }

    /** The hidden fields of its last form; the token against forgery is in all. */
    Map<String, String> hidden() {
      Map<String, String> fields = new TreeMap<>();
      for (Matcher field = HIDDEN.matcher(html()); field.find(); ) {
        fields.put(field.group(1), field.group(2));
      }
      return fields;
    }
  }
}

package io.kontor.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A load while people have the console's overview open, opened within the five seconds before. Each
 * has a stream of the figures, as the page does; an auditor's overview has all that a tenant's
 * people see.
 */
final class OverviewViewers implements Load {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final Duration OPENED_AT_MOST_IN = Duration.ofMinutes(1);
  private static final Pattern CHOICE =
      Pattern.compile("name=\"choice\" value=\"([0-9]+)\">\\s*<strong>audrey<");
  private static final Pattern FORGERY_TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

  private final Load load;
  private final int count;
  private final URI bank;
  private final HttpClient browser =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .build();

  private final List<Thread> viewers = new ArrayList<>();

  /**
   * @param count how many have it open
   */
  OverviewViewers(Load load, int count, int port) throws IOException, InterruptedException {
    this.load = load;
    this.count = count;
    this.bank = URI.create("http://localhost:" + port);
    signIn();
  }

  @Override
  public String what() {
    return "%s, %d overviews open".formatted(load.what(), count);
  }

  @Override
  public void beforeSlice() throws Exception {
    load.beforeSlice();
    var opened = new CountDownLatch(count);
    for (int n = 0; n < count; n++) {
      viewers.add(Thread.ofVirtual().start(() -> view(opened)));
    }
    if (!opened.await(OPENED_AT_MOST_IN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("%d overviews did not open".formatted(opened.getCount()));
    }
  }

  /** The overviews are closed after it. */
  @Override
  public Slice run(Duration time, double perSecond) throws Exception {
    try {
      return load.run(time, perSecond);
    } finally {
      for (Thread viewer : viewers) {
        viewer.interrupt();
        viewer.join();
      }
      viewers.clear();
    }
  }

  @Override
  public ProcessTime processes() {
    return load.processes();
  }

  @Override
  public boolean isTimedAtHalfRate() {
    return load.isTimedAtHalfRate();
  }

  private void view(CountDownLatch opened) {
    try {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(WITHIN.toMillis()));
      while (true) {
        HttpResponse<InputStream> figures =
            browser.send(
                request("/console/overview/live").GET().build(), BodyHandlers.ofInputStream());
        try (InputStream events = figures.body()) {
          if (figures.statusCode() != 200) {
            throw new IllegalStateException("figures: status " + figures.statusCode());
          }
          if (events.read() >= 0) {
            opened.countDown();
          }
          events.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (IOException failure) {
      if (!Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private void signIn() throws IOException, InterruptedException {
    String page = send(request("/console/sign-in").GET()).body();
    String form = "choice=%s&_csrf=%s".formatted(found(CHOICE, page), found(FORGERY_TOKEN, page));
    send(
        request("/console/sign-in")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form, UTF_8)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(bank.resolve(path)).timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return browser.send(request.build(), BodyHandlers.ofString());
  }

  private static String found(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    if (!matcher.find()) {
      throw new IllegalStateException("the page to sign in has no " + pattern);
    }
    return matcher.group(1);
  }
}

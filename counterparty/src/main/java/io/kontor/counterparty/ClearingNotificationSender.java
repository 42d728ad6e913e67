package io.kontor.counterparty;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Tells the bank, again and again until it has heard: each message under one id. */
final class ClearingNotificationSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClearingNotificationSender.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int AT_ONCE = 16;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore lines = new Semaphore(AT_ONCE);
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger untold = new AtomicInteger();
  private volatile @Nullable URI bank;

  void bank(@Nullable URI bank) {
    this.bank = bank;
    tokens.clear();
  }

  int untold() {
    return untold.get();
  }

  void tell(String participant, Map<String, Object> what, int times) {
    Map<String, Object> message = new LinkedHashMap<>(what);
    message.put("messageId", UUID.randomUUID().toString());
    byte[] body = JSON.writeValueAsBytes(message);
    untold.incrementAndGet();
    try {
      threads.execute(() -> tellUntilHeard(participant, body, times));
    } catch (RejectedExecutionException closed) {
      // Nobody is told any more.
      return;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.shutdownNow();
  }

  private void tellUntilHeard(String participant, byte[] body, int times) {
    try {
      for (int heard = 0; heard < times; ) {
        if (isHeard(participant, body)) {
          heard++;
        } else {
          Thread.sleep(PAUSE);
        }
      }
      untold.decrementAndGet();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isHeard(String participant, byte[] body) throws InterruptedException {
    URI to = bank;
    if (to == null) {
      return false;
    }
    lines.acquire();
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(to.resolve("/v1/clearing/notifications"))
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer " + token(to, participant))
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() == 401) {
        tokens.remove(participant);
      } else if (answer.statusCode() >= 300) {
        LOG.warn("the bank answered {}: {}", answer.statusCode(), answer.body());
      }
      return answer.statusCode() < 300;
    } catch (IOException away) {
      return false;
    } finally {
      lines.release();
    }
  }

  private String token(URI to, String participant) throws IOException, InterruptedException {
    String known = tokens.get(participant);
    if (known != null) {
      return known;
    }
    var wanted =
        Map.of("tenant", participant, "subject", "clearing-house", "roles", List.of("clearing"));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(to.resolve("/dev/token"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(wanted)))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("no token: " + answer.body());
    }
    String token = JSON.readTree(answer.body()).path("access_token").asString();
    tokens.put(participant, token);
    return token;
  }
}

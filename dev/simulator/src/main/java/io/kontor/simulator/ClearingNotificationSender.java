package io.kontor.simulator;

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

/** Notifies the bank. Each message is retried under one id until the bank acknowledges it. */
final class ClearingNotificationSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClearingNotificationSender.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_DELAY = Duration.ofMillis(500);
  private static final int MAX_CONCURRENT = 16;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile @Nullable URI bank;

  void bank(@Nullable URI bank) {
    this.bank = bank;
    tokens.clear();
  }

  int unsentNotifications() {
    return pending.get();
  }

  void tell(String participant, Map<String, Object> what, int times) {
    Map<String, Object> message = new LinkedHashMap<>(what);
    message.put("messageId", UUID.randomUUID().toString());
    byte[] body = JSON.writeValueAsBytes(message);
    pending.incrementAndGet();
    try {
      threads.execute(() -> sendUntilAcknowledged(participant, body, times));
    } catch (RejectedExecutionException closed) {
      // The simulator is closed.
      return;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.shutdownNow();
  }

  private void sendUntilAcknowledged(String participant, byte[] body, int times) {
    try {
      for (int acknowledged = 0; acknowledged < times; ) {
        if (isAcknowledged(participant, body)) {
          acknowledged++;
        } else {
          Thread.sleep(RETRY_DELAY);
        }
      }
      pending.decrementAndGet();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isAcknowledged(String participant, byte[] body) throws InterruptedException {
    URI to = bank;
    if (to == null) {
      return false;
    }
    permits.acquire();
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(to.resolve("/v1/clearing/notifications"))
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer " + token(to, participant))
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofString());
      if (response.statusCode() == 401) {
        tokens.remove(participant);
      } else if (response.statusCode() >= 300) {
        LOG.warn(
            "notification not accepted status={} body={}", response.statusCode(), response.body());
      }
      return response.statusCode() < 300;
    } catch (IOException unreachable) {
      return false;
    } finally {
      permits.release();
    }
  }

  private String token(URI to, String participant) throws IOException, InterruptedException {
    String known = tokens.get(participant);
    if (known != null) {
      return known;
    }
    var wanted =
        Map.of("tenant", participant, "subject", "clearing-house", "roles", List.of("clearing"));
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(to.resolve("/dev/token"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(wanted)))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("no token: " + response.body());
    }
    String token = JSON.readTree(response.body()).path("access_token").asString();
    tokens.put(participant, token);
    return token;
  }
}

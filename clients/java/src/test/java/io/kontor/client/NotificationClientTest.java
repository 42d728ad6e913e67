package io.kontor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class NotificationClientTest {
  /** No server is there. */
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  private final CountDownLatch asked = new CountDownLatch(1);

  @Test
  void aClientThatIsClosedEndsThoughItsTokensSupplierSwallowsTheInterrupt() throws Exception {
    var client = NotificationClient.connect(NOWHERE, this::token, notification -> {}, null);
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    client.close();
    assertThat(client.awaitEnd(Duration.ofSeconds(20))).isTrue();
    assertThat(client.failure()).as("no connection was tried").isEmpty();
  }

  /** Waits for an answer until it is interrupted, and answers with an old token then. */
  private String token() {
    asked.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException swallowed) {
      return "an old token";
    }
    return "a token";
  }
}

package io.kontor.notifications.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.notifications.webhook.WebhookClient.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a call takes at most, against servers that answer slowly or not at all. */
@Tag("fast")
@Timeout(60)
class WebhookClientTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofHours(1);
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private final ServerSocket server = server();
  private final CountDownLatch called = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** What a server does with a connection; an exception means that the client has closed it. */
  private interface Answer {
    void to(Socket client) throws IOException, InterruptedException;
  }

  @Test
  void aServerThatSendsItsHeadByteByByteIsNoAnswer() throws InterruptedException {
    serve(client -> trickle(client, OK + "X: ", 'a'));
    assertThat(post(SHORT, "http")).isEqualTo(new Outcome(null, "no answer in time"));
    hungUp.await();
  }

  /** Each byte comes in time; the record, of 16 kilobytes, does not. */
  @Test
  void aServerThatSendsItsHandshakeByteByByteIsNoAnswer() throws InterruptedException {
    serve(client -> trickle(client, "\u0016\u0003\u0003@\u0000", '\u0002'));
    assertThat(post(SHORT, "https")).isEqualTo(new Outcome(null, "no answer in time"));
    hungUp.await();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nServer: it\r\n\r\n",
        "HTTP/1.1 200 OK\r\nDate: today\r\ncontent-length:0\r\n\r\n"
      })
  void anAnswerWithoutABodyEndsTheCallThoughTheServerKeepsItOpen(String head)
      throws InterruptedException {
    serve(client -> sendAndWait(client, head));
    assertThat(post(LONG, "http").isSuccess()).isTrue();
    hungUp.await();
  }

  @Test
  void anAnswerWhoseBodyDoesNotComeInTimeIsKnownByItsHead() {
    serve(client -> sendAndWait(client, OK + "Content-Length: 5\r\n\r\n"));
    assertThat(post(SHORT, "http")).isEqualTo(new Outcome(200, ""));
  }

  @Test
  void aCallThatIsInterruptedHangsUp() throws InterruptedException {
    serve(client -> sendAndWait(client, OK));
    var outcome = new AtomicReference<Outcome>();
    var isInterrupted = new AtomicReference<Boolean>();
    Thread calling =
        Thread.ofVirtual()
            .start(
                () -> {
                  outcome.set(post(LONG, "http"));
                  isInterrupted.set(Thread.currentThread().isInterrupted());
                });
    called.await();
    calling.interrupt();
    calling.join();
    hungUp.await();
    assertThat(outcome.get().status()).isNull();
    assertThat(isInterrupted.get()).as("kept for the caller").isTrue();
  }

  private Outcome post(Duration timeout, String scheme) {
    String url = "%s://127.0.0.1:%d/hook".formatted(scheme, server.getLocalPort());
    return new WebhookClient(timeout, true).post(url, Map.of(), "{}");
  }

  private static ServerSocket server() {
    try {
      return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers one call. */
  private void serve(Answer answer) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = server.accept()) {
                called.countDown();
                answer.to(client);
              } catch (IOException | InterruptedException ended) {
                // The client has hung up, or the test is over.
              }
              hungUp.countDown();
            });
  }

  /** Sends a byte each 20 milliseconds until the client hangs up. */
  private static void trickle(Socket client, String beginning, char next)
      throws IOException, InterruptedException {
    client.getOutputStream().write(beginning.getBytes(ISO_8859_1));
    while (true) {
      client.getOutputStream().write(next);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Keeps the connection open until the client hangs up. */
  private static void sendAndWait(Socket client, String answer) throws IOException {
    client.getOutputStream().write(answer.getBytes(ISO_8859_1));
    var _ = client.getInputStream().transferTo(OutputStream.nullOutputStream());
  }
}

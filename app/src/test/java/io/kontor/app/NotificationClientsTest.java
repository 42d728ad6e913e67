package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.kontor.client.NotificationClient;
import io.kontor.notifications.stream.NotificationStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clients of notifications against the running bank, which ends their connections. */
@Tag("system")
@Timeout(180)
class NotificationClientsTest {
  private static final BankFixture BANK = BankFixture.running();
  private static final Path MODULE = Path.of("../clients/js/notifications.js");
  private static final Path SCRIPT = Path.of("src/test/resources/clients/receive.mjs");
  private static final int SENT_AFTERWARDS = 20;

  private final String tenant = BANK.newTenant();
  private final BankClient teller = BANK.teller(tenant);
  private final BankClient ada = BANK.customer(tenant, "ada");
  private final String account = teller.openAccount("ada", "EUR");
  private final String bank = "http://localhost:" + ada.port();

  @Test
  void theJavaClientReceivesEachOnceAlsoAfterItsConnectionWasEnded() {
    List<String> received = new CopyOnWriteArrayList<>();
    deposit();
    try (var _ =
        NotificationClient.connect(
            URI.create(bank), ada::token, one -> received.add(one.id().toString()), null)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> !received.isEmpty());
      endConnectionsAmidDeposits();
      await().atMost(Duration.ofSeconds(60)).until(() -> received.size() > SENT_AFTERWARDS);
    }
    assertThat(received).isEqualTo(made());
  }

  @Test
  void theJavaScriptClientReceivesEachOnceAlsoAfterItsConnectionWasEnded() throws Exception {
    List<String> command = new ArrayList<>(node());
    command.addAll(
        List.of(
            SCRIPT.toString(),
            MODULE.toString(),
            bank,
            ada.token(),
            Integer.toString(SENT_AFTERWARDS + 1)));
    deposit();
    Process client =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = client.inputReader(UTF_8)) {
      List<String> received = new ArrayList<>();
      received.add(lines.readLine());
      endConnectionsAmidDeposits();
      lines.lines().forEach(received::add);
      assertThat(client.waitFor()).isZero();
      assertThat(received).isEqualTo(made());
    } finally {
      client.destroyForcibly();
    }
  }

  /** The program, with WebSockets; older versions want to be asked for them. */
  private static List<String> node() throws InterruptedException {
    List<String> plain = List.of("node");
    List<String> asked = List.of("node", "--experimental-websocket");
    boolean isPlain = hasWebSockets(plain);
    assumeThat(isPlain || hasWebSockets(asked))
        .as("there is no Node.js with WebSockets on the PATH: the client is not tested")
        .isTrue();
    return isPlain ? plain : asked;
  }

  private static boolean hasWebSockets(List<String> node) throws InterruptedException {
    List<String> command = new ArrayList<>(node);
    command.addAll(List.of("-e", "process.exit(typeof WebSocket === 'function' ? 0 : 1)"));
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private void endConnectionsAmidDeposits() {
    var streams = BANK.part(NotificationStreams.class);
    for (int i = 0; i < SENT_AFTERWARDS; i++) {
      if (i == SENT_AFTERWARDS / 2) {
        streams.stop();
        streams.start();
      }
      deposit();
    }
  }

  private void deposit() {
    teller.deposit(account, "1.00").expect(200);
  }

  /** All there are, oldest first. */
  private List<String> made() {
    return ada.list("/v1/notifications").reversed().stream()
        .map(one -> one.path("id").asString())
        .toList();
  }
}

package io.kontor.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class CounterpartySimulatorTest {
  private static final String PAYMENT =
      "{\"participant\":\"acme\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}";
  private static final String SHIPMENT = "{\"address\":\"here\"}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final CounterpartySimulator counterparty =
      CounterpartySimulator.start(
          new SimulatorSettings(
              0, Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(50), 1));
  private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger deaf = new AtomicInteger();
  private HttpServer bank;

  @BeforeEach
  void openTheBank() throws IOException {
    bank = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bank.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean token = exchange.getRequestURI().getPath().equals("/dev/token");
          int status = 200;
          if (!token) {
            assertThat(exchange.getRequestHeaders().getFirst("Authorization"))
                .isEqualTo("Bearer t");
            heard.add(new JsonMapper().readTree(body));
            status = deaf.getAndDecrement() > 0 ? 503 : 200;
          }
          byte[] answer = "{\"access_token\":\"t\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    bank.start();
    counterparty.notify(URI.create("http://127.0.0.1:" + bank.getAddress().getPort()));
  }

  @AfterEach
  void close() {
    counterparty.close();
    bank.stop(0);
  }

  @Test
  void aPaymentIsAcceptedOnceAndSettled() {
    assertThat(submit("p").statusCode()).isEqualTo(202);
    assertThat(submit("p").statusCode()).isEqualTo(202);
    await().untilAsserted(() -> assertThat(toldStates()).containsExactly("SETTLED"));
    assertThat(ask("GET", payment("p"), "").body()).contains("\"state\":\"SETTLED\"");
    assertThat(put(payment("p"), PAYMENT.replace("1.00", "2.00")).statusCode()).isEqualTo(409);
    assertThat(counterparty.payments()).containsEntry("p", "SETTLED");
  }

  @Test
  void theBankIsToldUntilItHearsUnderOneId() {
    deaf.set(2);
    submit("p");
    await().until(() -> counterparty.unsentNotifications() == 0 && heard.size() == 3);
    assertThat(heard.stream().map(notified -> notified.path("messageId").asString()).distinct())
        .hasSize(1);
  }

  @Test
  void eachFaultOfAPaymentHappens() {
    counterparty.faults().next(1, SimulatedCall.SUBMIT_PAYMENT, InjectedFault.FAIL);
    assertThat(submit("failed").statusCode()).isEqualTo(503);
    assertThat(counterparty.payments()).doesNotContainKey("failed");

    counterparty.faults().next(1, SimulatedCall.SUBMIT_PAYMENT, InjectedFault.REFUSE);
    assertThat(submit("refused").statusCode()).isEqualTo(422);
    assertThat(submit("refused").statusCode()).isEqualTo(422);

    counterparty.faults().next(1, SimulatedCall.SUBMIT_PAYMENT, InjectedFault.LOSE_ANSWER);
    assertThatThrownBy(() -> submit("lost")).isInstanceOf(IOException.class);
    becomes("lost", "SETTLED");

    counterparty.faults().next(1, SimulatedCall.SETTLE_PAYMENT, InjectedFault.STUCK);
    submit("stuck");
    becomes("stuck", "ACCEPTED");
    counterparty.faults().next(1, SimulatedCall.SETTLE_PAYMENT, InjectedFault.REJECT);
    submit("rejected");
    becomes("rejected", "REJECTED");
    counterparty.faults().next(1, SimulatedCall.SETTLE_PAYMENT, InjectedFault.RETURN);
    submit("returned");
    becomes("returned", "RETURNED");
    counterparty.faults().next(1, SimulatedCall.SETTLE_PAYMENT, InjectedFault.SILENCE);
    submit("silent");
    becomes("silent", "SETTLED");
    counterparty.faults().next(1, SimulatedCall.SETTLE_PAYMENT, InjectedFault.TWICE);
    submit("twice");
    await().until(() -> counterparty.unsentNotifications() == 0 && notified("twice").size() == 2);

    assertThat(notified("twice").stream().map(notified -> notified.path("messageId")).distinct())
        .hasSize(1);
    assertThat(notified("silent")).isEmpty();
    assertThat(notified("returned").stream().map(notified -> notified.path("state").asString()))
        .containsExactlyInAnyOrder("SETTLED", "RETURNED");
    assertThat(counterparty.payments()).containsEntry("stuck", "ACCEPTED");
    assertThat(counterparty.faults().rules()).isEmpty();
  }

  @Test
  void aShipmentIsBookedOnceAndCancelled() {
    assertThat(book("s").statusCode()).isEqualTo(200);
    assertThat(book("s").body()).contains("BOOKED", "TRK-");
    assertThat(ask("POST", shipment("s") + "/cancel", "").body()).contains("CANCELLED");
    assertThat(book("s").statusCode()).isEqualTo(409);
    assertThat(ask("GET", shipment("s"), "").body()).contains("CANCELLED");
    assertThat(ask("GET", shipment("none"), "").statusCode()).isEqualTo(404);
  }

  @Test
  void aShipmentCancelledBeforeItsBookingIsNotBooked() {
    assertThat(ask("POST", shipment("s") + "/cancel", "").statusCode()).isEqualTo(200);
    assertThat(book("s").statusCode()).isEqualTo(409);
  }

  @Test
  void faultsAreSwitchedOverHttp() {
    String rules =
        "[{\"call\":\"BOOK_SHIPMENT\",\"fault\":\"REFUSE\"},"
            + "{\"call\":\"BOOK_SHIPMENT\",\"fault\":\"SLOW\",\"probability\":0.5,\"times\":3}]";
    assertThat(put(counterparty.switches().toString(), rules).statusCode()).isEqualTo(200);
    assertThat(book("s").statusCode()).isEqualTo(422);
    assertThat(put(counterparty.switches().toString(), "[{\"call\":\"X\"}]").statusCode())
        .isEqualTo(400);
    assertThat(ask("DELETE", counterparty.switches().toString(), "").body()).isEqualTo("[]");
    assertThat(book("other").statusCode()).isEqualTo(200);
  }

  /** Also waits until no fault rule is left, so that the next fault hits the next payment. */
  private void becomes(String reference, String state) {
    await()
        .until(
            () ->
                state.equals(counterparty.payments().get(reference))
                    && counterparty.faults().rules().isEmpty());
  }

  private List<String> toldStates() {
    return heard.stream().map(notified -> notified.path("state").asString()).toList();
  }

  private List<JsonNode> notified(String reference) {
    return heard.stream()
        .filter(notified -> notified.path("reference").asString().equals(reference))
        .toList();
  }

  private HttpResponse<String> submit(String reference) {
    return put(payment(reference), PAYMENT);
  }

  private HttpResponse<String> book(String reference) {
    return put(shipment(reference), SHIPMENT);
  }

  private String payment(String reference) {
    return counterparty.clearing() + "/payments/" + reference;
  }

  private String shipment(String reference) {
    return counterparty.carrier() + "/shipments/" + reference;
  }

  private HttpResponse<String> put(String address, String body) {
    return ask("PUT", address, body);
  }

  private HttpResponse<String> ask(String method, String address, String body) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(address))
              .method(method, BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw sneak(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneak(Throwable failure) throws E {
    throw (E) failure;
  }
}

package io.kontor.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A request rejected before it reaches a controller gets a problem response, too. */
class BeforeAnyFilterTest {
  private static final BankFixture BANK = BankFixture.running();

  /**
   * Larger than allowed, and than what a client may be cut off while sending, with no value in it
   * that is too long by itself.
   */
  private static final String TOO_LARGE =
      "{\"id\":\"tenant-large\"," + " ".repeat(1_100_000) + "\"name\":\"Large\"}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/acc|ounts HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/accounts HTTP/1.1\r\nHost: two hosts\r\n\r\n",
        "G\u0001T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n"
      })
  void aRequestThatTomcatCannotReadIsAProblemAndNoPage(String request) throws IOException {
    String answer = raw(request);
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("content-type: application/problem+json")
        .contains("kontor-correlation-id: ")
        .doesNotContain("<html", "tomcat", "exception");
    String body = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
    assertThat(JsonMapper.shared().readTree(body).path("type").asString())
        .isEqualTo("https://kontor.example/problems/invalid-request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Idempotency-Key",
        "If-Match",
        "Kontor-Min-Position",
        "Authorization",
        "Content-Type"
      })
  void aHeaderThatMustBeSingleIsRefusedWhenItIsGivenTwice(String name) throws IOException {
    String answer =
        raw(
            "POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "%s: 1\r\nContent-Length: 2\r\n%s: 2\r\n\r\n{}".formatted(name, name));
    assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    assertThat(answer).contains("\"pointer\":\"" + name + "\"", "Kontor-Correlation-Id: ");
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedByItsLength() {
    Answer answer = BANK.operator().post("/v1/tenants", TOO_LARGE).expect(413);
    assertThat(answer.slug()).isEqualTo("content-too-large");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.text("detail")).contains("1048576 bytes");
  }

  @Test
  void aBodyThatIsTooLargeAndTellsNoLengthIsRefusedWhileItIsRead() throws Exception {
    BankClient operator = BANK.operator();
    try (var http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:%d/v1/tenants".formatted(operator.port())))
                  .version(HttpClient.Version.HTTP_1_1)
                  .header("Authorization", "Bearer " + operator.token())
                  .header("Content-Type", "application/json")
                  .POST(
                      BodyPublishers.ofInputStream(
                          () -> new ByteArrayInputStream(TOO_LARGE.getBytes(UTF_8))))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("content-too-large");
    }
  }

  @Test
  void registeringATenantTellsThePositionFromWhichOnItIsThere() {
    Answer registered = BANK.operator().registerTenant("tenant-with-position");
    assertThat(registered.position()).isNotNegative();
    BANK.teller("tenant-with-position").getAfter(registered, "/v1/accounts").expect(200);
  }

  private static String raw(String request) throws IOException {
    try (var socket = new Socket("localhost", BANK.anyone().port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}

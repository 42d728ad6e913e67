package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.database.DatabaseLogin;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/**
 * The program as it runs for real: on a database and with an issuer that it did not bring along.
 */
class ExternalDatabaseTest {

  @Test
  void theBankServesOnAGivenDatabaseAndMakesNoTokensThere() throws Exception {
    try (var database = TestDatabase.create();
        var bank = startOn(database);
        var http = HttpClient.newHttpClient()) {
      assertThat(status(http, request(bank, "/actuator/health/readiness"))).isEqualTo(200);
      assertThat(status(http, request(bank, "/v1/accounts"))).isEqualTo(401);
      var token =
          request(bank, "/dev/token")
              .header("Content-Type", "application/json")
              .POST(
                  BodyPublishers.ofString(
                      "{\"tenant\":\"acme\",\"subject\":\"alice\",\"roles\":[\"teller\"]}"));
      assertThat(status(http, token)).isEqualTo(404);
    }
  }

  private static ServletWebServerApplicationContext startOn(TestDatabase database) {
    return (ServletWebServerApplicationContext)
        RunCommand.application()
            .run(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--kontor.db.url=" + database.jdbcUrl(),
                "--kontor.db.owner.password=" + database.password(DatabaseLogin.OWNER),
                "--kontor.db.app.password=" + database.password(DatabaseLogin.APP),
                "--kontor.db.worker.password=" + database.password(DatabaseLogin.WORKER),
                "--kontor.master.key=" + MasterKeys.generate(),
                "--spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://127.0.0.1/keys");
  }

  private static HttpRequest.Builder request(ServletWebServerApplicationContext bank, String path) {
    int port = Objects.requireNonNull(bank.getWebServer()).getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static int status(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}

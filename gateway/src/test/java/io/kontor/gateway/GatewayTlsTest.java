package io.kontor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.simulator.Issuer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A gateway that ends TLS itself. */
@Tag("system")
@Timeout(120)
class GatewayTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  void clientsSpeakHttp2WithinLimitsACertificateIsReplacedAndWhatIsUnderWayIsAnsweredAtTheEnd()
      throws Exception {
    Path store = folder.resolve("store.p12");
    Files.copy(certificate("first"), store);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        Issuer issuer = Issuer.start();
        StubNode node = StubNode.start("node");
        var gateway = start(issuer, node, store)) {
      String token = issuer.token("acme", "teller");
      URI url =
          URI.create(
              "https://127.0.0.1:%d/v1/accounts"
                  .formatted(Objects.requireNonNull(gateway.getWebServer()).getPort()));
      HttpResponse<String> answer = get(url, token, store);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      Certificate first = servers(answer);
      HttpResponse<String> large = postWithoutLength(url, token, store, 1_048_577);
      assertThat(large.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(node.received()).hasSize(1);

      Files.move(certificate("second"), store, StandardCopyOption.REPLACE_EXISTING);
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> !servers(get(url, token, store)).equals(first));

      var isUnderWay = new CountDownLatch(1);
      var mayAnswer = new CountDownLatch(1);
      node.behave(
          exchange -> {
            isUnderWay.countDown();
            await().until(() -> mayAnswer.getCount() == 0);
            StubNode.answering(200, "{\"late\":true}").handle(exchange);
          });
      Future<HttpResponse<String>> late = threads.submit(() -> get(url, token, store));
      assertThat(isUnderWay.await(30, TimeUnit.SECONDS)).isTrue();
      var readiness = gateway.getBean(ApplicationAvailability.class);
      Future<?> stopping = threads.submit(gateway::close);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> readiness.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);
      mayAnswer.countDown();
      assertThat(late.get(30, TimeUnit.SECONDS).body()).isEqualTo("{\"late\":true}");
      stopping.get(60, TimeUnit.SECONDS);
    }
  }

  private static ServletWebServerApplicationContext start(
      Issuer issuer, StubNode node, Path store) {
    return (ServletWebServerApplicationContext)
        new SpringApplication(GatewayApplication.class)
            .run(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--server.ssl.bundle=web",
                "--server.http2.enabled=true",
                "--spring.ssl.bundle.jks.web.keystore.location=file:" + store,
                "--spring.ssl.bundle.jks.web.keystore.password=" + PASSWORD,
                "--spring.ssl.bundle.jks.web.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=100ms",
                "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer.uri(),
                "--kontor.gateway.groups.command=" + node.url(),
                "--kontor.gateway.groups.query=" + node.url());
  }

  private static HttpResponse<String> get(URI url, String token, Path store) throws Exception {
    return send(HttpRequest.newBuilder(url), token, store);
  }

  private static HttpResponse<String> postWithoutLength(
      URI url, String token, Path store, int length) throws Exception {
    var body = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[length]));
    return send(HttpRequest.newBuilder(url).POST(body), token, store);
  }

  /** Over a connection of its own, by a client that trusts what the store has now. */
  private static HttpResponse<String> send(HttpRequest.Builder request, String token, Path store)
      throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(store)).build()) {
      return client.send(
          request
              .timeout(Duration.ofSeconds(30))
              .header("Authorization", "Bearer " + token)
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static Certificate servers(HttpResponse<String> answer) throws IOException {
    return answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }

  private static SSLContext trusting(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("gateway", keys.getCertificate("gateway"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** A new key with its certificate. */
  private Path certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "gateway",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS) && keytool.exitValue() == 0)
        .as(Files.readString(folder.resolve("keytool.log")))
        .isTrue();
    return store;
  }
}

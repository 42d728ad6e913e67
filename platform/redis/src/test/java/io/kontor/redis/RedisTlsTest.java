package io.kontor.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.embeddedredis.EmbeddedRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server with a certificate that the JVM trusts, or does not. */
@Tag("system")
class RedisTlsTest {
  private static final String TRUSTED = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "changeit";
  private static final RedisScript SET =
      new RedisScript("redis.call('SET', KEYS[1], ARGV[1]) return 1");

  @TempDir private Path folder;

  @Test
  void aServersCertificateMustBeTrusted() throws Exception {
    Path store = certificate();
    int port = freePort();
    try (var server =
        EmbeddedRedis.start(
            "--tls-port",
            Integer.toString(port),
            "--tls-cert-file",
            folder.resolve("certificate.pem").toString(),
            "--tls-key-file",
            folder.resolve("key.pem").toString(),
            "--tls-ca-cert-file",
            folder.resolve("certificate.pem").toString(),
            "--tls-auth-clients",
            "no")) {
      assertThat(server.command("PING")).isEqualTo("+PONG");
      try (RedisNodes nodes = nodes(port)) {
        assertThatThrownBy(() -> set(nodes)).isInstanceOf(CompletionException.class);
      }
      System.setProperty(TRUSTED, store.toString());
      System.setProperty(TRUSTED + "Password", PASSWORD);
      try (RedisNodes nodes = nodes(port)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> isSet(nodes));
      } finally {
        System.clearProperty(TRUSTED);
        System.clearProperty(TRUSTED + "Password");
      }
      assertThat(server.command("EXISTS a")).isEqualTo(":1");
    }
  }

  private static boolean isSet(RedisNodes nodes) {
    try {
      return set(nodes) == 1;
    } catch (CompletionException notYet) {
      return false;
    }
  }

  private static long set(RedisNodes nodes) {
    return nodes.all().getFirst().run(SET, List.of("a"), List.of("b".getBytes(US_ASCII))).join();
  }

  private static RedisNodes nodes(int port) {
    return new RedisNodes(
        new RedisProperties(
            List.of("127.0.0.1:" + port),
            null,
            false,
            null,
            null,
            true,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            1,
            100),
        new SimpleMeterRegistry());
  }

  /** A key and its certificate, as the server and as the JVM read them. */
  private Path certificate() throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-dname",
                "CN=redis",
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
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    write("key.pem", "PRIVATE KEY", keys.getKey("redis", PASSWORD.toCharArray()).getEncoded());
    write("certificate.pem", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
    keys.setCertificateEntry("trusted", keys.getCertificate("redis"));
    keys.deleteEntry("redis");
    Path trusted = folder.resolve("trusted.p12");
    try (var out = Files.newOutputStream(trusted)) {
      keys.store(out, PASSWORD.toCharArray());
    }
    return trusted;
  }

  private void write(String file, String kind, byte[] content) throws Exception {
    String base64 = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind));
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

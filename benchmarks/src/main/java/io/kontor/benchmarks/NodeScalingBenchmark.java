package io.kontor.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.kontor.app.KontorCommandLine;
import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Row n: one, two and three nodes, each a process with all roles, on one database and one machine.
 * The load is spread evenly over the nodes: on many accounts, and on one hot account, with routing
 * and without. A 503 is retried, as a client would.
 */
final class NodeScalingBenchmark implements AutoCloseable {
  private static final int MOST = 3;
  private static final int CONNECTIONS = 64;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final String SECRET = "a benchmark's nodes know each other by it";

  private final BenchmarkBank bank;
  private final Path folder;
  private final List<String> accounts;
  private final Duration warmUp;
  private final RSAKey key;
  private final HttpServer issuer;
  private final List<Node> running = new ArrayList<>();
  private boolean routed = true;

  private record Node(Process process, int port) {}

  NodeScalingBenchmark(BenchmarkBank bank, Path folder, List<String> accounts, Duration warmUp)
      throws IOException, JOSEException {
    this.bank = bank;
    this.folder = folder;
    this.accounts = accounts;
    this.warmUp = warmUp;
    this.key = new RSAKeyGenerator(2048).keyID("bench").generate();
    this.issuer = issuer(key);
  }

  /**
   * The rows in the order in which they must run: nodes are added, then all restart without
   * routing.
   */
  Map<String, Benchmark> rows() {
    var rows = new LinkedHashMap<String, Benchmark>();
    List<String> hot = accounts.subList(0, 1);
    for (int nodes = 1; nodes <= MOST; nodes++) {
      rows.put("n" + (rows.size() + 1), row(nodes, "10,000 accounts", accounts, true));
      rows.put("n" + (rows.size() + 1), row(nodes, "one hot account", hot, true));
    }
    for (int nodes = 2; nodes <= MOST; nodes++) {
      rows.put("n" + (rows.size() + 1), row(nodes, "one hot account, no routing", hot, false));
    }
    return rows;
  }

  private Benchmark row(int nodes, String what, List<String> among, boolean routing) {
    return Benchmark.of(
        "deposits over HTTP, %d node%s, %s".formatted(nodes, nodes == 1 ? "" : "s", what),
        time -> {
          ensureRunning(nodes, routing);
          return load("deposit-until-taken", among).closedLoop(time);
        });
  }

  private void ensureRunning(int nodes, boolean routing) throws Exception {
    if (routed != routing) {
      stopAll();
      routed = routing;
    }
    if (running.size() < nodes) {
      while (running.size() < nodes) {
        running.add(start(routing));
      }
      System.err.printf("bench: warming up %d nodes for %s ...%n", nodes, warmUp);
      load("deposit", accounts).closedLoop(warmUp.multipliedBy(3).dividedBy(4));
    }
  }

  private HttpLoad load(String kind, List<String> among) throws JOSEException {
    return new HttpLoad(
        running.stream().map(Node::port).toList(), kind, among, CONNECTIONS, token());
  }

  private Node start(boolean routing) throws Exception {
    int port = freePort();
    var program =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KontorCommandLine.class.getName(),
            "run");
    program.environment().putAll(settings(port, routing));
    program.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    var node = new Node(program.start(), port);
    awaitReady(node);
    return node;
  }

  private Map<String, String> settings(int port, boolean routing) throws IOException {
    var postgres = bank.part(EmbeddedPostgres.class);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("SPRING_PROFILES_ACTIVE", "");
    settings.put("SERVER_PORT", Integer.toString(port));
    settings.put("SERVER_ADDRESS", "127.0.0.1");
    settings.put("KONTOR_DB_URL", postgres.jdbcUrl());
    for (DatabaseLogin login : DatabaseLogin.values()) {
      settings.put(
          "KONTOR_DB_%s_PASSWORD".formatted(login.name().toUpperCase(Locale.ROOT)),
          postgres.password(login));
    }
    settings.put("KONTOR_MASTER_KEY", Files.readString(folder.resolve("master-key")).strip());
    settings.put(
        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI",
        "http://127.0.0.1:%d/keys".formatted(issuer.getAddress().getPort()));
    if (routing) {
      settings.put("KONTOR_CLUSTER_SECRET", SECRET);
    }
    return settings;
  }

  private static void awaitReady(Node node) throws Exception {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < end && node.process().isAlive()) {
      try (var connection = new HttpConnection(node.port())) {
        if (connection.get("/actuator/health/readiness", "").status() == 200) {
          // The other nodes need time to see the new one.
          TimeUnit.SECONDS.sleep(2);
          return;
        }
      } catch (IOException notYet) {
        // still starting
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IllegalStateException("a node did not start");
  }

  private String token() throws JOSEException {
    var claims =
        new JWTClaimsSet.Builder()
            .subject("bench")
            .claim("tenant", BenchmarkBank.ACME.value())
            .claim("roles", List.of("teller"))
            .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(6))))
            .build();
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private static HttpServer issuer(RSAKey key) throws IOException {
    byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void stopAll() throws InterruptedException {
    running.forEach(node -> node.process().destroy());
    for (Node node : running) {
      if (!node.process().waitFor(30, TimeUnit.SECONDS)) {
        node.process().destroyForcibly().waitFor();
      }
    }
    running.clear();
  }

  @Override
  public void close() throws InterruptedException {
    stopAll();
    issuer.stop(0);
  }
}

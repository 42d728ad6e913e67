package io.kontor.app;

import static java.util.stream.Collectors.joining;

import io.kontor.database.DatabaseLogin;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.TestDatabase;
import io.kontor.simulator.Issuer;
import io.kontor.testsupport.TcpProxy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A database for several nodes, and an issuer whose tokens they accept. */
final class Cluster implements AutoCloseable {
  static final String SECRET = "the nodes of this test know each other by it";

  private final TestDatabase database = TestDatabase.create();
  private final Issuer issuer = Issuer.start();
  private final String masterKey = MasterKeys.generate();

  /** A node in this JVM. */
  Node node(String roles) {
    return node(roles, Map.of("kontor.cluster.secret", SECRET));
  }

  Node node(String roles, Map<String, String> more) {
    Map<String, String> settings = settings(roles);
    settings.put("server.port", "0");
    settings.putAll(more);
    String[] arguments =
        settings.entrySet().stream()
            .map(entry -> "--%s=%s".formatted(entry.getKey(), entry.getValue()))
            .toArray(String[]::new);
    return new Node(
        (ServletWebServerApplicationContext) RunCommand.application().run(arguments), issuer);
  }

  /** A node as a program of its own, which may still be starting. */
  BankProcess launch(Path folder, String roles) {
    return BankProcess.launch(folder, environment(roles));
  }

  /** The same with further settings. */
  BankProcess launch(Path folder, String roles, Map<String, String> further) {
    Map<String, String> environment = environment(roles);
    further.forEach((name, value) -> environment.put(variable(name), value));
    return BankProcess.launch(folder, environment);
  }

  /** The same at a port that is known before. */
  BankProcess launch(Path folder, String roles, int port) {
    Map<String, String> environment = environment(roles);
    environment.put("SERVER_PORT", Integer.toString(port));
    return BankProcess.launch(folder, environment);
  }

  /** A gateway in front of nodes, as a program of its own, which may still be starting. */
  BankProcess launchGateway(Path folder, List<Integer> command, List<Integer> query) {
    return BankProcess.launchGateway(
        folder,
        Map.of(
            "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI", issuer.keys(),
            "KONTOR_GATEWAY_GROUPS_COMMAND", urls(command),
            "KONTOR_GATEWAY_GROUPS_QUERY", urls(query),
            "KONTOR_LIMITS_USER", "1000000",
            "JAVA_TOOL_OPTIONS", "-Xmx256m"));
  }

  private static String urls(List<Integer> ports) {
    return ports.stream().map(port -> "http://127.0.0.1:" + port).collect(joining(","));
  }

  /** The same, with a clock that can be stepped, and the database behind a proxy. */
  BankProcess launch(Path folder, String roles, TcpProxy proxy) {
    Map<String, String> environment = environment(roles);
    environment.put(
        "KONTOR_DB_URL",
        database.jdbcUrl().replace(":" + databasePort() + "/", ":" + proxy.port() + "/"));
    return BankProcess.launchWithClock(folder, environment);
  }

  /** The port of the server that the nodes' database is on. */
  int databasePort() {
    return URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
  }

  private Map<String, String> environment(String roles) {
    Map<String, String> environment = new HashMap<>();
    Map<String, String> settings = settings(roles);
    settings.put("kontor.cluster.secret", SECRET);
    settings.put("spring.profiles.active", "");
    settings.forEach((name, value) -> environment.put(variable(name), value));
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx512m");
    return environment;
  }

  /** The nodes' database. */
  TestDatabase database() {
    return database;
  }

  /** A client of the node at a port. */
  BankClient client(int port, String tenant, String role) {
    return new BankClient(port, issuer.token(tenant, role));
  }

  /** A customer at a node. */
  BankClient customer(int port, String tenant, String subject) {
    return new BankClient(port, issuer.tokenOf(subject, tenant, "customer"));
  }

  BankClient operator(int port) {
    return new BankClient(port, issuer.operator());
  }

  private Map<String, String> settings(String roles) {
    Map<String, String> settings = new HashMap<>();
    settings.put("kontor.roles", roles);
    settings.put("server.address", "127.0.0.1");
    settings.put("kontor.db.url", database.jdbcUrl());
    for (DatabaseLogin login : DatabaseLogin.values()) {
      settings.put(
          "kontor.db.%s.password".formatted(login.name().toLowerCase(Locale.ROOT)),
          database.password(login));
    }
    settings.put("kontor.db.app.pool-size", "10");
    settings.put("kontor.db.worker.pool-size", "15");
    settings.put("kontor.master.key", masterKey);
    // One user sends what many do.
    settings.put("kontor.limits.user", "1000000");
    settings.put("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", issuer.keys());
    return settings;
  }

  private static String variable(String property) {
    return property.replace('.', '_').replace("-", "").toUpperCase(Locale.ROOT);
  }

  @Override
  public void close() {
    issuer.close();
    database.close();
  }

  /** A node that runs in this JVM. */
  record Node(ServletWebServerApplicationContext context, Issuer issuer) implements AutoCloseable {
    int port() {
      return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    BankClient teller(String tenant) {
      return new BankClient(port(), issuer.token(tenant, "teller"));
    }

    BankClient auditor(String tenant) {
      return new BankClient(port(), issuer.token(tenant, "auditor"));
    }

    BankClient operator() {
      return new BankClient(port(), issuer.operator());
    }

    /** The number of commands it has sent to other nodes, by outcome. */
    double forwarded(String outcome) {
      Counter counter =
          context
              .getBean(MeterRegistry.class)
              .find("kontor.cluster.forwarded")
              .tag("outcome", outcome)
              .counter();
      return counter == null ? 0 : counter.count();
    }

    double nodesThatItSees() {
      return Objects.requireNonNull(
              context.getBean(MeterRegistry.class).find("kontor.cluster.nodes").gauge())
          .value();
    }

    @Override
    public void close() {
      context.close();
    }
  }
}

package io.kontor.benchmarks;

import io.kontor.database.DatabaseLogin;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What server processes need: a PostgreSQL with a database for each bank, an issuer of tokens, a
 * carrier.
 */
final class ServerEnvironment implements AutoCloseable {
  private static final String HEAP = "-Xmx1g";

  private final Path folder;
  private final EmbeddedPostgres postgres;
  private final TokenIssuer issuer = new TokenIssuer();
  private final CounterpartySimulator carrier =
      CounterpartySimulator.start(SimulatorSettings.quick(1));
  private final String masterKey = MasterKeys.generate();
  private int started;

  ServerEnvironment(Path folder) throws IOException {
    this.folder = folder;
    this.postgres = EmbeddedPostgres.start(folder.resolve("data"));
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-postgres"));
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  TokenIssuer issuer() {
    return issuer;
  }

  /** Starts a build on an empty database of its own, with accounts to work on. */
  BankUnderLoad bank(Build build, int accounts) throws Exception {
    createDatabase(build.name());
    ServerProcess server = start(build, build.name(), Map.of());
    try {
      return new BankUnderLoad(this, server, accounts);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Registers the benchmark's tenant with a bank that has none. */
  void registerTenant(ServerProcess server) throws IOException {
    try (var connection = new HttpConnection(server.port())) {
      HttpConnection.Answer answer =
          connection.post(
              "/v1/tenants",
              "Authorization: Bearer %s\r\nIdempotency-Key: acme\r\n".formatted(issuer.operator()),
              "{\"id\":\"acme\",\"name\":\"Acme\"}");
      if (answer.status() != 201) {
        throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
      }
    }
  }

  /** An empty database on the same server. */
  void createDatabase(String name) throws SQLException {
    postgres.createDatabase(name);
  }

  /** Starts a node and waits until it is ready. */
  ServerProcess start(Build build, String database, Map<String, String> further)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(List.of(HEAP, "-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED"));
    program.addAll(build.options());
    program.addAll(List.of("-jar", build.unpackedIn(folder).toString(), "run"));
    Map<String, String> settings = settings(port, database);
    settings.putAll(further);
    return ServerProcess.start(
        program, port, settings, folder.resolve("server-%d.log".formatted(++started)));
  }

  private Map<String, String> settings(int port, String database) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("SPRING_PROFILES_ACTIVE", "");
    settings.put("SERVER_PORT", Integer.toString(port));
    settings.put("SERVER_ADDRESS", "127.0.0.1");
    settings.put("KONTOR_DB_URL", postgres.jdbcUrl(database));
    for (DatabaseLogin login : DatabaseLogin.values()) {
      settings.put(
          "KONTOR_DB_%s_PASSWORD".formatted(login.name().toUpperCase(Locale.ROOT)),
          postgres.password(login));
    }
    settings.put("KONTOR_MASTER_KEY", masterKey);
    settings.put("KONTOR_CARRIER_URL", carrier.carrier().toString());
    settings.put("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI", issuer.keysUrl());
    return settings;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    carrier.close();
    issuer.close();
    postgres.close();
  }
}

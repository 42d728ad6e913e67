package io.kontor.benchmarks;

import io.kontor.database.DatabaseLogin;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.Issuer;
import io.kontor.simulator.SimulatorSettings;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What server processes need: a PostgreSQL with a database for each bank, an issuer of tokens, a
 * carrier.
 */
final class ServerEnvironment implements AutoCloseable {
  private static final String HEAP = "-Xmx1g";

  /** A limit of requests in a minute, counted and never reached. */
  private static final String UNREACHED = "1000000000";

  private static final Duration LONGEST_RUN = Duration.ofHours(12);

  private final Path folder;
  private final EmbeddedPostgres postgres;
  private final Issuer issuer = Issuer.start();
  private final CounterpartySimulator carrier =
      CounterpartySimulator.start(SimulatorSettings.quick(1));
  private final String masterKey = MasterKeys.generate();
  private int started;
  private int databases;

  ServerEnvironment(Path folder) throws IOException {
    this.folder = folder;
    this.postgres = EmbeddedPostgres.start(folder.resolve("data"));
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-postgres"));
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  /** A token of the benchmark's tenant, that writes and reads everything that is measured. */
  String teller() {
    return teller(BenchmarkBank.ACME.value());
  }

  /** The same of another tenant. */
  String teller(String tenant) {
    return issuer.token(tenant, LONGEST_RUN, "teller", "auditor");
  }

  /** A token of an admin of the benchmark's tenant. */
  String admin() {
    return issuer.token(BenchmarkBank.ACME.value(), LONGEST_RUN, "admin");
  }

  /** A token of an operator of the installation. */
  String operator() {
    return issuer.operator();
  }

  /** A token of a customer of the benchmark's tenant. */
  String customer(String subject) {
    return issuer.tokenOf(subject, BenchmarkBank.ACME.value(), "customer");
  }

  /** Starts a build on an empty database of its own, with accounts to work on. */
  BankUnderLoad bank(Build build, int accounts) throws Exception {
    String database = createDatabase(build);
    return start(build, database, bank -> bank.generator().open(accounts));
  }

  /** Starts a build on a database of its own, into which its tools brought a history. */
  BankUnderLoad bank(Build build, HistoryFile history) throws Exception {
    String database = createDatabase(build);
    bringIn(build, database, history);
    return start(build, database, bank -> bank.generator().use(history.accounts()));
  }

  /** Brings a history into an empty database by the build's tools. */
  void bringIn(Build build, String database, HistoryFile history)
      throws IOException, InterruptedException, SQLException {
    run(build, database, "events", "import", history.file().toString());
    run(build, database, "projections", "rebuild");
    vacuum(database);
  }

  /** What the database would do by itself while the first rows are measured. */
  private void vacuum(String database) throws SQLException {
    try (var owner = dataSource(database, DatabaseLogin.OWNER).getConnection();
        var statement = owner.createStatement()) {
      statement.execute("vacuum (analyze)");
    }
  }

  private interface Preparation {
    void prepare(BankUnderLoad bank) throws IOException;
  }

  private BankUnderLoad start(Build build, String database, Preparation preparation)
      throws Exception {
    ServerProcess server = start(build, database, Map.of());
    try {
      registerTenant(server);
      var bank = new BankUnderLoad(this, server);
      preparation.prepare(bank);
      return bank;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Runs a command of the build on a database until it ends. */
  private void run(Build build, String database, String... command)
      throws IOException, InterruptedException {
    List<String> program = program(build);
    program.addAll(List.of(command));
    System.err.printf("bench:   %s of %s ...%n", String.join(" ", command), build.name());
    var tool = new ProcessBuilder(program).inheritIO().redirectOutput(Redirect.DISCARD);
    tool.environment().putAll(settings(0, database));
    if (tool.start().waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  /** Registers the benchmark's tenant with a bank that has none. */
  void registerTenant(ServerProcess server) throws IOException {
    registerTenant(server, BenchmarkBank.ACME.value());
  }

  /** Registers another tenant. */
  void registerTenant(ServerProcess server, String tenant) throws IOException {
    registerTenant(server, tenant, "ROW");
  }

  /**
   * Registers another tenant.
   *
   * @param isolation its placement
   */
  void registerTenant(ServerProcess server, String tenant, String isolation) throws IOException {
    try (var connection = new HttpConnection(server.port())) {
      HttpConnection.Answer answer =
          connection.post(
              "/v1/tenants",
              "Authorization: Bearer %s\r\nIdempotency-Key: %s\r\n"
                  .formatted(issuer.operator(), tenant),
              "{\"id\":\"%s\",\"name\":\"A tenant\",\"isolation\":\"%s\"}"
                  .formatted(tenant, isolation));
      if (answer.status() != 201) {
        throw new IOException("answered %d: %s".formatted(answer.status(), answer.body()));
      }
    }
  }

  void dropDatabase(String name) throws SQLException {
    postgres.dropDatabase(name);
  }

  DataSource dataSource(String database, DatabaseLogin login) {
    return postgres.dataSource(database, login);
  }

  /** A connection of the worker's login that sees the benchmark's tenant, until it is closed. */
  Connection worker(String database) throws SQLException {
    Connection connection = dataSource(database, DatabaseLogin.WORKER).getConnection();
    try (var bind = connection.prepareStatement("select set_config('kontor.tenant', ?, false)")) {
      bind.setString(1, BenchmarkBank.ACME.value());
      bind.execute();
    }
    return connection;
  }

  private String createDatabase(Build build) throws SQLException {
    String name = build.name() + ++databases;
    createDatabase(name);
    return name;
  }

  /** An empty database on the same server. */
  void createDatabase(String name) throws SQLException {
    postgres.createDatabase(name);
  }

  /** Starts a node and waits until it is ready. */
  ServerProcess start(Build build, String database, Map<String, String> further)
      throws IOException, InterruptedException {
    return start(build, database, freePort(), further);
  }

  /** Starts a node on a port and waits until it is ready. */
  ServerProcess start(Build build, String database, int port, Map<String, String> further)
      throws IOException, InterruptedException {
    List<String> program = program(build);
    program.add("run");
    Map<String, String> settings = settings(port, database);
    settings.putAll(further);
    return ServerProcess.start(
        program, port, settings, folder.resolve("server-%d.log".formatted(++started)));
  }

  /** Starts a gateway in front of one node and waits until it is ready. */
  ServerProcess startGateway(Build build, int node, Map<String, String> further)
      throws IOException, InterruptedException {
    int port = freePort();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("SERVER_PORT", Integer.toString(port));
    settings.put("SERVER_ADDRESS", "127.0.0.1");
    settings.put("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI", issuer.keys());
    settings.put("KONTOR_LIMITS_USER", UNREACHED);
    settings.put("KONTOR_LIMITS_TENANT", UNREACHED);
    settings.put("KONTOR_GATEWAY_GROUPS_COMMAND", "http://127.0.0.1:" + node);
    settings.put("KONTOR_GATEWAY_GROUPS_QUERY", "http://127.0.0.1:" + node);
    settings.putAll(further);
    return ServerProcess.start(
        program(build), port, settings, folder.resolve("server-%d.log".formatted(++started)));
  }

  private List<String> program(Build build) throws IOException, InterruptedException {
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(List.of(HEAP, "-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED"));
    program.addAll(build.options());
    program.addAll(List.of("-jar", build.unpackedIn(folder).toString()));
    return program;
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
    // One user of one tenant makes all requests.
    settings.put("KONTOR_LIMITS_USER", UNREACHED);
    settings.put("KONTOR_LIMITS_TENANT", UNREACHED);
    settings.put("KONTOR_CARRIER_URL", carrier.carrier().toString());
    settings.put("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI", issuer.keys());
    return settings;
  }

  static int freePort() throws IOException {
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

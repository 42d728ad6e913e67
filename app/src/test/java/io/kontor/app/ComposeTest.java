package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.embeddedredis.EmbeddedRedis;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.personaldata.MasterKeys;
import io.kontor.simulator.Issuer;
import io.kontor.testsupport.ApiClient.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What the compose file would start, without Docker: a PostgreSQL with its settings and its init
 * script, a Kontor with nothing but its environment, and an issuer of tokens as there are others.
 */
@Tag("system")
class ComposeTest {
  private static final String SUPERUSER_PASSWORD = "superuser's";

  @TempDir private Path folder;
  private final Issuer issuer = Issuer.start();

  @AfterEach
  void closeIssuer() {
    issuer.close();
  }

  @Test
  void theBankOfTheComposeFileMovesMoneyOnTheDatabaseThatItsInitScriptMakes() throws Exception {
    var compose =
        ComposeFile.read(
            Map.of("KONTOR_MASTER_KEY", MasterKeys.generate(), "KONTOR_ISSUER_URI", issuer.uri()));
    try (var postgres = postgres(compose);
        var kafka = EmbeddedKafkaBroker.start();
        var first = EmbeddedRedis.start();
        var second = EmbeddedRedis.start();
        var third = EmbeddedRedis.start()) {
      runInitScript(postgres, compose.environment("postgres"));
      List<EmbeddedRedis> redis = List.of(first, second, third);
      try (var one = kontor(environment(compose, "kontor-1", postgres.getPort(), kafka, redis));
          var two = kontor(environment(compose, "kontor-2", postgres.getPort(), kafka, redis))) {
        moveMoney("by-the-first", port(one), port(two), kafka);
        moveMoney("by-the-second", port(two), port(one), kafka);
        redisIsUsed(redis, port(one), port(two));
      }
    }
  }

  /** A change arrives at the servers, and each node has the metrics that are drawn and alarm. */
  private void redisIsUsed(List<EmbeddedRedis> redis, int... nodes) throws IOException {
    new BankClient(nodes[0], issuer.operator()).registerTenant("with-redis");
    var teller = new BankClient(nodes[0], issuer.token("with-redis", "teller"));
    String account = teller.openAccount();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              teller.deposit(account, "0.01").expect(200);
              return redis.stream().anyMatch(server -> !server.command("DBSIZE").equals(":0"));
            });
    Set<String> wanted = new TreeSet<>(DashboardTest.metricsIn("grafana/dashboards/kontor.json"));
    wanted.addAll(DashboardTest.metricsIn("alerts.yaml"));
    wanted.removeIf(name -> !name.contains("redis"));
    assertThat(wanted).isNotEmpty();
    for (int node : nodes) {
      String scraped =
          new BankClient(node, issuer.operator())
              .get("/actuator/prometheus")
              .expect(200)
              .http()
              .body();
      assertThat(wanted).allMatch(scraped::contains);
    }
  }

  /** Through one node, and seen on the other. */
  private void moveMoney(String tenant, int through, int seenOn, EmbeddedKafkaBroker kafka) {
    new BankClient(through, issuer.operator()).registerTenant(tenant);
    var teller = new BankClient(through, issuer.token(tenant, "teller"));
    String ada = teller.openAccount();
    String bob = teller.openAccount();
    teller.deposit(ada, "100.00").expect(200);

    Answer transfer = teller.transfer(ada, bob, "12.50").expect(201);

    for (int node : new int[] {through, seenOn}) {
      var reader = new BankClient(node, issuer.token(tenant, "teller"));
      assertThat(reader.getAfter(transfer, "/v1/accounts/" + bob).amount("balance"))
          .isEqualTo("12.50");
      assertThat(BankClient.anyone(node).get("/actuator/health/liveness").status()).isEqualTo(200);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> isTold(kafka, tenant + "/" + ada, "io.kontor.account.transfer-sent.v1"));
  }

  private static int port(ServletWebServerApplicationContext node) {
    return Objects.requireNonNull(node.getWebServer()).getPort();
  }

  private EmbeddedPostgres postgres(ComposeFile compose) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), SUPERUSER_PASSWORD);
    var server =
        EmbeddedPostgres.builder()
            .setLocaleConfig("pwfile", password.toString())
            .setConnectConfig("password", SUPERUSER_PASSWORD);
    compose.clusterSettings().forEach(server::setLocaleConfig);
    compose.serverSettings().forEach(server::setServerConfig);
    return server.start();
  }

  /** As psql does it, which alone knows {@code \getenv} and {@code :'variable'}. */
  private static void runInitScript(EmbeddedPostgres postgres, Map<String, Object> environment)
      throws IOException, SQLException {
    String script = Files.readString(ComposeFile.FOLDER.resolve("init.sql"));
    var passwords = new HashMap<String, String>();
    Pattern.compile("^\\\\getenv (\\w+) (\\w+)$", Pattern.MULTILINE)
        .matcher(script)
        .results()
        .forEach(read -> passwords.put(read.group(1), environment.get(read.group(2)).toString()));
    String sql =
        Pattern.compile(":'(\\w+)'")
            .matcher(script.replaceAll("(?m)^(\\\\|--).*$", ""))
            .replaceAll(
                used ->
                    Matcher.quoteReplacement(
                        "'" + passwords.get(used.group(1)).replace("'", "''") + "'"));
    var superuser = new PGSimpleDataSource();
    superuser.setUrl(postgres.getJdbcUrl("postgres", "postgres"));
    superuser.setPassword(SUPERUSER_PASSWORD);
    try (var connection = superuser.getConnection();
        var statement = connection.createStatement()) {
      for (String one : sql.split(";", -1)) {
        statement.execute(one);
      }
    }
  }

  private static boolean isTold(EmbeddedKafkaBroker kafka, String stream, String type) {
    return kafka.read("kontor.accounts.v1", "read_committed").stream()
        .filter(published -> published.key().equals(stream))
        .anyMatch(
            published -> new String(published.value(), StandardCharsets.UTF_8).contains(type));
  }

  private static Map<String, Object> environment(
      ComposeFile compose,
      String node,
      int port,
      EmbeddedKafkaBroker kafka,
      List<EmbeddedRedis> redis) {
    var environment = new HashMap<>(compose.environment(node));
    environment.computeIfPresent(
        "KONTOR_REDIS_NODES",
        (name, servers) -> {
          String replaced = servers.toString();
          for (int i = 0; i < redis.size(); i++) {
            replaced = replaced.replace("redis-%d:6379".formatted(i + 1), redis.get(i).address());
          }
          return replaced;
        });
    environment.computeIfPresent(
        "KONTOR_DB_URL",
        (name, url) -> url.toString().replace("postgres:5432", "127.0.0.1:" + port));
    environment.computeIfPresent(
        "KONTOR_KAFKA_BOOTSTRAPSERVERS",
        (name, servers) -> servers.toString().replace("kafka:9092", kafka.bootstrapServers()));
    return environment;
  }

  private static ServletWebServerApplicationContext kontor(Map<String, Object> environment) {
    var application = RunCommand.application();
    ApplicationListener<ApplicationEnvironmentPreparedEvent> ofTheContainer =
        prepared ->
            prepared
                .getEnvironment()
                .getPropertySources()
                .addFirst(
                    new SystemEnvironmentPropertySource(
                        "compose-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        environment));
    application.addListeners(ofTheContainer);
    return (ServletWebServerApplicationContext)
        application.run("--server.port=0", "--server.address=127.0.0.1");
  }
}

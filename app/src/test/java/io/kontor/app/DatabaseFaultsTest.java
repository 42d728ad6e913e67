package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kontor.database.DatabaseLogin;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.pool.RequestPool;
import io.kontor.personaldata.MasterKeys;
import io.kontor.simulator.Issuer;
import io.kontor.testsupport.ApiClient.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * One bank, one database, one fault after the other: every request is answered in time, nothing
 * acknowledged is lost, and the bank recovers without a restart.
 *
 * <p>Each fault lasts until its effect is there, and timeouts are short. With {@code
 * -Dkontor.fault-seconds=20} each lasts so long at least, with the timeouts that are the default.
 * What clients saw is printed second by second, as in docs/operations/database.md.
 */
@Tag("system")
@Timeout(300)
class DatabaseFaultsTest {
  private static final String TENANT = "acme";

  private static final Duration FAULT = Duration.ofSeconds(Long.getLong("kontor.fault-seconds", 0));

  private static final Map<String, String> SHORT_TIMEOUTS =
      Map.of(
          "kontor.db.timeouts.connect", "2s",
          "kontor.db.timeouts.pool", "3s",
          "kontor.db.timeouts.statement", "3s",
          "kontor.db.timeouts.socket", "4s",
          "kontor.event-store.command-timeout", "6s");

  /** A command's time is 10 s by default, a read's 13 s; the machine may be slow. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

  private static final Duration EFFECTIVE_WITHIN = Duration.ofSeconds(90);
  private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(90);

  @TempDir private static Path folder;
  private static FaultyDatabase database;
  private static Issuer issuer;
  private static ServletWebServerApplicationContext bank;
  private static DatabaseBreaker reads;
  private static DatabaseBreaker append;

  private BankClient teller;
  private String account;
  private DatabaseFaultTraffic traffic;

  @BeforeAll
  static void start() throws Exception {
    database = new FaultyDatabase(folder);
    issuer = Issuer.start();
    Map<String, String> settings = new HashMap<>(FAULT.isZero() ? SHORT_TIMEOUTS : Map.of());
    settings.put("server.port", "0");
    settings.put("server.address", "127.0.0.1");
    settings.put("kontor.db.url", database.jdbcUrl());
    for (DatabaseLogin login : DatabaseLogin.values()) {
      settings.put(
          "kontor.db.%s.password".formatted(login.name().toLowerCase(Locale.ROOT)),
          database.password(login));
    }
    settings.put("kontor.master.key", MasterKeys.generate());
    settings.put("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", issuer.keys());
    String[] arguments =
        settings.entrySet().stream()
            .map(entry -> "--%s=%s".formatted(entry.getKey(), entry.getValue()))
            .toArray(String[]::new);
    bank = (ServletWebServerApplicationContext) RunCommand.application().run(arguments);
    reads = bank.getBean("appDataSource", RequestPool.class).breaker();
    append = bank.getBean(DatabaseBreaker.class);
    new BankClient(port(), issuer.operator()).registerTenant(TENANT);
  }

  @AfterAll
  static void stop() throws Exception {
    bank.close();
    issuer.close();
    database.close();
  }

  @BeforeEach
  void openAccount() {
    teller = new BankClient(port(), issuer.token(TENANT, "teller"));
    account = teller.openAccount();
    teller.getAfter(teller.deposit(account, "1.00").expect(200), path()).expect(200);
    traffic =
        new DatabaseFaultTraffic(
            teller, account, () -> reads.state() + "/" + append.state(), FAULT);
  }

  @Test
  void aSlowNetwork() {
    database.network().delay(Duration.ofMillis(50));
    lasting("each packet delayed by 50 ms", () -> traffic.answered() > 10);

    database.network().delay(Duration.ZERO);
    recovers();
    assertThat(traffic.statuses()).containsOnly(200);
  }

  @Test
  void connectionsThatAreCut() {
    database.network().cut();
    lasting("all connections cut", () -> traffic.answered() > 10);

    recovers();
  }

  @Test
  void aNetworkThatSwallowsEverything() {
    database.network().stall();
    lasting("packets swallowed", reads::isOpen);
    assertRefused();

    database.network().resume();
    recovers();
  }

  @Test
  void aServerThatIsFrozen() {
    Runnable thaw = database.freeze();
    try {
      lasting("server stopped (SIGSTOP)", reads::isOpen);
      assertRefused();
    } finally {
      thaw.run();
    }
    recovers();
  }

  @Test
  void aServerThatIsKilled() throws Exception {
    String owner = issuer.tokenOf("cust-42", TENANT, "customer");
    var notified = SocketClient.of(new BankClient(port(), owner), (String) null);
    notified.next();
    database.kill();
    lasting("server killed (kill -9)", reads::isOpen);
    assertRefused();

    database.start();
    recovers();
    teller.deposit(account, "7.77").expect(200);
    JsonNode news;
    do {
      news = notified.next();
    } while (!news.at("/data/amount/amount").asString().equals("7.77"));
    notified.close();
  }

  @Test
  void aServerThatIsRestarted() {
    traffic.start("server restarted");
    database.stop();
    database.start();
    awaitEffect(() -> traffic.answered() > 10);

    recovers();
  }

  @Test
  void readsFailWhileWritesGoOnWhenRequestsGetNoConnections() {
    database.takeConnections(DatabaseLogin.APP);
    lasting("no connections for requests", reads::isOpen);
    assertThat(append.state()).isEqualTo("closed");
    traffic.deposit().expect(200);
    assertReadsRefused();

    database.giveConnectionsBack(DatabaseLogin.APP);
    recovers();
  }

  @Test
  void writesFailWhileReadsGoOnWhenTheWorkerGetsNoConnections() {
    database.takeConnections(DatabaseLogin.WORKER);
    lasting("no connections for the worker", append::isOpen);
    assertWritesRefused();

    database.giveConnectionsBack(DatabaseLogin.WORKER);
    recovers();
    assertThat(traffic.statusesOfReads()).containsOnly(200);
  }

  @Test
  void writesFailWhileReadsGoOnWhenTheDatabaseIsReadOnly() {
    database.makeReadOnly(true);
    lasting("read-only", append::isOpen);
    assertWritesRefused();

    database.makeReadOnly(false);
    recovers();
    assertThat(traffic.statusesOfReads()).containsOnly(200);
  }

  @Test
  void writesFailWhileReadsGoOnWhenTheDiskIsFull() throws Exception {
    assumeTrue(database.fillDisk(), "this machine allows no small disk");
    lasting("disk full", append::isOpen);

    database.makeRoom();
    recovers();
    assertThat(traffic.statusesOfReads()).containsOnly(200);
  }

  /** With traffic from clients all the time. */
  private void lasting(String fault, BooleanSupplier effect) {
    traffic.start(fault);
    awaitEffect(effect);
  }

  private void awaitEffect(BooleanSupplier effect) {
    await()
        .atMost(EFFECTIVE_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> effect.getAsBoolean() && traffic.lasted());
  }

  private void assertRefused() {
    assertReadsRefused();
    assertWritesRefused();
  }

  private void assertReadsRefused() {
    assertThat(reads.isOpen()).isTrue();
    Answer read = teller.get(traffic.postings()).expect(503);
    assertThat(read.slug()).isEqualTo("database-unavailable");
    assertThat(read.header("Retry-After")).isEqualTo("1");
  }

  /** An account that was evicted after a failure is not read again; the reads' breaker is first. */
  private void assertWritesRefused() {
    Answer write = traffic.deposit().expect(503);
    assertThat(write.slug()).isIn("store-busy", "database-unavailable");
    assertThat(write.header("Retry-After")).isEqualTo("1");
  }

  private void recovers() {
    traffic.faultEnds();
    await()
        .atMost(RECOVERED_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> traffic.isServedAgain() && health() == 200);
    traffic.end();
    assertThat(traffic.statuses()).isSubsetOf(200, 503);
    assertThat(traffic.slowest()).isLessThan(ANSWERED_WITHIN);
    traffic.assertNothingAcknowledgedIsLost();
  }

  private static int port() {
    return Objects.requireNonNull(bank.getWebServer()).getPort();
  }

  private static int health() {
    return BankClient.anyone(port()).get("/actuator/health").status();
  }

  private String path() {
    return "/v1/accounts/" + account;
  }
}

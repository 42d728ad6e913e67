package io.kontor.app;

import io.kontor.database.DatabaseLogin;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLock;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.tenancy.registry.TenantIsolation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The whole bank in this JVM, on an embedded database of its own and a free port. It is started
 * once and shared by all tests, each of which keeps to tenants of its own.
 */
final class BankFixture {
  /** Where people sign in to the console. */
  static final SignInProvider PROVIDER = SignInProvider.start();

  private static final AtomicInteger TENANTS = new AtomicInteger();

  private final ServletWebServerApplicationContext context;
  private final BankClient anyone;

  private BankFixture(ServletWebServerApplicationContext context) {
    this(context, BankClient.anyone(context.getWebServer().getPort()));
  }

  private BankFixture(ServletWebServerApplicationContext context, BankClient anyone) {
    this.context = context;
    this.anyone = anyone;
  }

  /** The shared bank, started on first use and stopped with the JVM. */
  static BankFixture running() {
    return Running.BANK;
  }

  /** The same bank, whose clients send their requests to a gateway. */
  BankFixture through(int gateway) {
    return new BankFixture(context, anyone.through(gateway));
  }

  /** A bank of the caller's own, with further settings such as {@code --a.b=c}. */
  static BankFixture start(String... settings) {
    return Running.start(settings);
  }

  /** A bank of the caller's own on a folder that persists. */
  static BankFixture startIn(Path folder, String... settings) {
    return Running.start(folder, settings);
  }

  /** Stops a bank of the caller's own. */
  void stop() {
    context.close();
  }

  /** Registers a tenant that no other test knows. */
  String newTenant() {
    String tenant = "tenant-" + TENANTS.incrementAndGet();
    anyone.operator().registerTenant(tenant);
    return tenant;
  }

  /** Registers a tenant with a schema or a database of its own. */
  String newTenantIn(TenantIsolation isolation) {
    String tenant = "tenant-" + TENANTS.incrementAndGet();
    anyone.operator().registerTenant(tenant, isolation);
    return tenant;
  }

  /** The tables of a tenant that has a schema or a database of its own, as its workers see them. */
  JdbcTemplate tablesOf(String tenant, TenantIsolation isolation) {
    return new JdbcTemplate(placeOf(tenant, isolation, DatabaseLogin.WORKER));
  }

  /** A login's connections to a tenant's schema or database. */
  DataSource placeOf(String tenant, TenantIsolation isolation, DatabaseLogin login) {
    String place = "kontor-" + tenant;
    if (isolation == TenantIsolation.DATABASE) {
      return postgres().dataSource(place, login);
    }
    var shared = (PGSimpleDataSource) postgres().dataSource(login);
    shared.setCurrentSchema('"' + place + '"');
    return shared;
  }

  /** Closes a tenant for good. */
  void closeTenant(String tenant) {
    anyone
        .operator()
        .send("DELETE", "/v1/tenants/%1$s?confirm=%1$s".formatted(tenant), "")
        .expect(202);
  }

  /** A client without a token. */
  BankClient anyone() {
    return anyone;
  }

  BankClient teller(String tenant) {
    return anyone.teller(tenant);
  }

  BankClient auditor(String tenant) {
    return anyone.auditor(tenant);
  }

  BankClient admin(String tenant) {
    return anyone.admin(tenant);
  }

  BankClient clearing(String tenant) {
    return anyone.clearing(tenant);
  }

  BankClient customer(String tenant, String subject) {
    return anyone.customer(tenant, subject);
  }

  /** A person with all roles in a tenant. */
  BankClient withAllRoles(String tenant) {
    return anyone.withRoles(tenant, "tim", List.of("teller", "customer", "auditor", "admin"));
  }

  BankClient operator() {
    return anyone.operator();
  }

  /** The bank's database. */
  EmbeddedPostgres postgres() {
    return context.getBean(EmbeddedPostgres.class);
  }

  /** Where that lies. */
  Path folder() {
    return Path.of(context.getEnvironment().getRequiredProperty("kontor.data.dir"));
  }

  /** The lease without which no rebuild of a projection goes on. */
  Lease leaseForRebuildOf(String projection) {
    try {
      Lease lease =
          part(LeaseLock.class)
              .tryAcquire("rebuild/" + projection, Duration.ofSeconds(30), Duration.ofMinutes(1))
              .orElseThrow();
      lease.keepAlive();
      return lease;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The only bean of a type. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /** The names of the classes of everything it is made of. */
  List<String> partTypes() {
    return Stream.of(context.getBeanDefinitionNames())
        .map(context::getType)
        .filter(Objects::nonNull)
        .map(Class::getName)
        .toList();
  }

  /** A part that it is made of. */
  <T> T part(String name, Class<T> type) {
    return context.getBean(name, type);
  }

  /** Started on first use. */
  private static final class Running {
    static final BankFixture BANK = start();

    static BankFixture start(String... more) {
      Path folder = DataFolder.temporary("kontor-bank-");
      SpringApplication.getShutdownHandlers().add(() -> DataFolder.delete(folder));
      return start(folder, more);
    }

    static BankFixture start(Path folder, String... more) {
      return new BankFixture(
          (ServletWebServerApplicationContext)
              RunCommand.application()
                  .run(
                      settings(
                          more,
                          "--spring.profiles.active=embedded",
                          // Small enough to end in the middle of transfers, were these not kept
                          // together.
                          "--kontor.projections.batch-size=7",
                          // Short enough to be waited for.
                          "--kontor.clearing.first-retry=200ms",
                          "--kontor.clearing.submit-within=6s",
                          "--kontor.clearing.answer-within=2s",
                          "--kontor.clearing.give-up-after=3s",
                          "--kontor.notifications.stream.longest=100ms",
                          "--kontor.notifications.stream.heartbeat=1s",
                          "--kontor.notifications.stream.idle=15s",
                          // Due today on any day.
                          "--kontor.standing-orders.at=00:00",
                          "--kontor.standing-orders.calendars=TARGET,EVERY_DAY",
                          "--server.tomcat.connection-timeout=4s",
                          "--server.tomcat.keep-alive-timeout=20s",
                          "--kontor.limits.tenants.limited=12",
                          "--kontor.console.sign-in.issuer=" + PROVIDER.uri(),
                          "--kontor.console.sign-in.client-secret=for-tests",
                          "--server.port=0",
                          "--kontor.data.dir=" + folder)));
    }

    private static String[] settings(String[] more, String... ours) {
      return Stream.concat(Stream.of(ours), Stream.of(more)).toArray(String[]::new);
    }
  }
}

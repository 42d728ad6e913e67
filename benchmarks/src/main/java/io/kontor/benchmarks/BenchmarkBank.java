package io.kontor.benchmarks;

import static org.axonframework.commandhandling.GenericCommandMessage.asCommandMessage;

import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountCommand.OpenAccount;
import io.kontor.api.account.AccountId;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.app.KontorCommandLine;
import io.kontor.database.DatabaseLogin;
import io.kontor.kafka.EmbeddedKafkaBroker;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.projection.live.ProjectionRunner;
import io.kontor.projection.live.ReadModelPositions;
import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.common.Registration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** All of Kontor in this process, on an embedded PostgreSQL in its own folder. */
final class BenchmarkBank implements AutoCloseable {
  static final TenantId ACME = new TenantId("acme");
  static final Currency EUR = Currency.getInstance("EUR");
  private static final int OPENED_AT_ONCE = 200;

  private final ConfigurableApplicationContext context;
  private final CommandBus commands;
  private final SealedText holder;

  private BenchmarkBank(ConfigurableApplicationContext context) {
    this.context = context;
    this.commands = context.getBean(CommandBus.class);
    var personalData = context.getBean(PersonalDataService.class);
    this.holder = TenantContext.call(ACME, () -> personalData.seal("bench", "Bench"));
  }

  /**
   * @param cacheBytes maximum memory of the aggregate cache
   */
  static BenchmarkBank start(Path folder, long cacheBytes) {
    System.setProperty("kontor.event-store.cache-size", cacheBytes + "B");
    System.setProperty("spring.profiles.active", "embedded");
    System.setProperty("kontor.data.dir", folder.toString());
    System.setProperty("server.port", "0");
    return new BenchmarkBank(KontorCommandLine.start());
  }

  /** Starts a bank that publishes to the given Kafka. */
  static BenchmarkBank start(Path folder, long cacheBytes, EmbeddedKafkaBroker broker) {
    System.setProperty("kontor.kafka.bootstrap-servers", broker.bootstrapServers());
    try {
      return start(folder, cacheBytes);
    } finally {
      System.clearProperty("kontor.kafka.bootstrap-servers");
    }
  }

  int port() {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  /** The holder of the accounts. */
  SealedText holder() {
    return holder;
  }

  DataSource owner() {
    return context.getBean(EmbeddedPostgres.class).dataSource(DatabaseLogin.OWNER);
  }

  /** A bean of the application. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  <T> T part(String name, Class<T> type) {
    return context.getBean(name, type);
  }

  JdbcTemplate worker() {
    return new JdbcTemplate(
        context.getBean(EmbeddedPostgres.class).dataSource(DatabaseLogin.WORKER));
  }

  ReadModelPositions readModels() {
    return context.getBean(ReadModelPositions.class);
  }

  /** Passes every appended event to {@code watcher}, until the registration is closed. */
  Registration watch(Consumer<List<? extends EventMessage<?>>> watcher) {
    return context.getBean(EventStore.class).subscribe(watcher);
  }

  /** Runs {@code work} with the projections stopped, and restarts them afterwards. */
  <T> T withoutProjections(Callable<T> work) throws Exception {
    var projections = context.getBean(ProjectionRunner.class);
    projections.stop();
    try {
      return work.call();
    } finally {
      projections.start();
      awaitClaim();
    }
  }

  /**
   * Waits for the claim: an Axon processor that is stopped while it claims its segment never
   * restarts.
   */
  private void awaitClaim() throws InterruptedException {
    String claimed =
        "select count(*) from kontor.token where owner is not null and processor = '%s'"
            .formatted(ProjectionRunner.PROCESSOR);
    Long claims = 0L;
    while (claims == null || claims == 0) {
      TimeUnit.MILLISECONDS.sleep(50);
      claims = worker().queryForObject(claimed, Long.class);
    }
  }

  /** Waits until every projection has reached the head. */
  void catchUp() {
    long head = readModels().head();
    for (String projection : context.getBean(ProjectionRunner.class).names()) {
      readModels().await(projection, head, Duration.ofMinutes(10));
    }
  }

  /** Opens accounts with a million euros each. */
  List<AccountId> accounts(int count) throws InterruptedException, ExecutionException {
    List<Future<AccountId>> opened = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(OPENED_AT_ONCE, Thread.ofVirtual().factory())) {
      for (int n = 0; n < count; n++) {
        opened.add(threads.submit(this::openAccount));
      }
    }
    List<AccountId> accounts = new ArrayList<>();
    for (Future<AccountId> account : opened) {
      accounts.add(account.get());
    }
    return accounts;
  }

  private AccountId openAccount() {
    var account = new AccountId(ACME, IdGenerator.next());
    send(new OpenAccount(account, "bench", holder, EUR, Money.zero(EUR)));
    send(new Deposit(account, IdGenerator.next(), new Money(100_000_000, EUR), ""));
    return account;
  }

  /**
   * The command's result.
   *
   * @throws IllegalStateException when the command was rejected or failed
   */
  CommandResultMessage<?> send(Object command) {
    var result = new AtomicReference<CommandResultMessage<?>>();
    CommandMessage<Object> message =
        asCommandMessage(command)
            .andMetaData(
                Map.of(MessageMetadata.ACTOR, "bench", MessageMetadata.CORRELATION_ID, "bench"));
    TenantContext.run(
        ACME,
        () -> commands.<Object, Object>dispatch(message, (sent, answer) -> result.set(answer)));
    CommandResultMessage<?> answer = Objects.requireNonNull(result.get());
    if (answer.isExceptional()) {
      throw new IllegalStateException(answer.exceptionResult());
    }
    return answer;
  }

  @Override
  public void close() {
    context.close();
  }
}

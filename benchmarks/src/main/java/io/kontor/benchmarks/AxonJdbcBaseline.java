package io.kontor.benchmarks;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.jdbc.DataSourceConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;

/** Axon's own JDBC engine, unchanged: no cache, one connection and one commit per command. */
final class AxonJdbcBaseline implements Load, AutoCloseable {
  private static final int CALLERS = 400;
  private static final int ACCOUNTS = 1_000;
  private static final int CONNECTIONS = 16;

  private final DataSource owner;
  private final ProcessTime processes;
  private final HikariDataSource pool;
  private final Configuration axon;
  private final CommandGateway commands;
  private final List<String> accounts = new ArrayList<>();

  AxonJdbcBaseline(EmbeddedPostgres postgres) throws Exception {
    owner = postgres.dataSource(DatabaseLogin.OWNER);
    processes = new ProcessTime(List.of(ProcessHandle.current().pid()), postgres.processId());
    execute("drop schema if exists stock cascade", "create schema stock");
    try (var setUp = pool(true)) {
      engine(setUp).createSchema(PostgresEventTableFactory.INSTANCE);
    }
    pool = pool(false);
    axon = configure(pool);
    commands = axon.commandGateway();
    for (int n = 0; n < ACCOUNTS; n++) {
      accounts.add(UUID.randomUUID().toString());
      commands.sendAndWait(new Open(accounts.getLast()));
    }
  }

  @Override
  public String what() {
    return "deposits, Axon's JDBC engine, stock, 1,000 accounts";
  }

  @Override
  public Slice run(Duration time, double perSecond) throws Exception {
    return Measurement.run(
        CALLERS,
        time,
        perSecond,
        (caller, call) -> {
          int account = ThreadLocalRandom.current().nextInt(ACCOUNTS);
          commands.sendAndWait(new Put(accounts.get(account), 100));
          return 1;
        });
  }

  /** With the callers, which are in the same process. */
  @Override
  public ProcessTime processes() {
    return processes;
  }

  @Override
  public void close() throws Exception {
    axon.shutdown();
    pool.close();
    execute("drop schema stock cascade");
  }

  private HikariDataSource pool(boolean autoCommit) {
    var settings = new HikariConfig();
    settings.setDataSource(owner);
    settings.setMaximumPoolSize(CONNECTIONS);
    settings.setMinimumIdle(1);
    settings.setAutoCommit(autoCommit);
    settings.setConnectionInitSql("set search_path to stock");
    return new HikariDataSource(settings);
  }

  private static JdbcEventStorageEngine engine(DataSource pool) {
    var serializer = Jackson3Serializer.builder().build();
    return JdbcEventStorageEngine.builder()
        .connectionProvider(
            new UnitOfWorkAwareConnectionProviderWrapper(new DataSourceConnectionProvider(pool)))
        .transactionManager(NoTransactionManager.INSTANCE)
        .eventSerializer(serializer)
        .snapshotSerializer(serializer)
        .build();
  }

  private static Configuration configure(DataSource pool) {
    return DefaultConfigurer.defaultConfiguration(false)
        .configureSerializer(configuration -> Jackson3Serializer.builder().build())
        .configureEmbeddedEventStore(configuration -> engine(pool))
        .configureAggregate(Purse.class)
        .start();
  }

  private void execute(String... statements) throws Exception {
    try (Connection connection = owner.getConnection();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  record Open(@TargetAggregateIdentifier String id) {}

  record Put(@TargetAggregateIdentifier String id, long amount) {}

  record Opened(String id) {}

  record Received(String id, long amount, long balance) {}

  /** A minimal account. */
  static class Purse {
    @SuppressWarnings("unused") // read by the framework
    @AggregateIdentifier
    private @Nullable String id;

    private long balance;

    Purse() {}

    @CommandHandler
    Purse(Open command) {
      apply(new Opened(command.id()));
    }

    @CommandHandler
    long handle(Put command) {
      apply(new Received(command.id(), command.amount(), balance + command.amount()));
      return balance;
    }

    @EventSourcingHandler
    void on(Opened event) {
      id = event.id();
    }

    @EventSourcingHandler
    void on(Received event) {
      balance = event.balance();
    }
  }
}

package io.kontor.database;

import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.breaker.BreakerProperties;
import io.kontor.database.breaker.DatabaseBreaker;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.migration.PostMigrationTask;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.database.pool.PoolShare;
import io.kontor.database.pool.RequestPool;
import java.util.Objects;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jooq.autoconfigure.ExceptionTranslatorExecuteListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Two pools: one for requests, which see one tenant at a time, and one for the worker; a small
 * third one serves operators' requests. What serves requests is behind a circuit breaker. The
 * writer, the heartbeat, the listener and the locks must not queue behind the worker's pool and
 * have connections of their own.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  DatabaseProperties.class,
  DatabaseTimeouts.class,
  BreakerProperties.class
})
public class DatabaseConfiguration {
  private static final int ADMIN_POOL = 3;
  private static final int ADMIN_WAITING = 100;
  private static final int ALL_PERCENT = 100;

  @Bean
  @Profile("!embedded & !cell")
  DatabaseConnectionDetails database(DatabaseProperties properties) {
    return new DatabaseConnectionDetails(
        Objects.requireNonNull(properties.url()),
        Credentials.of(properties.owner().user(), properties.owner().password()),
        Credentials.of(properties.app().user(), properties.app().password()),
        Credentials.of(properties.worker().user(), properties.worker().password()));
  }

  /** Migrates before the first pool opens, and closes the owner's connection. */
  @Bean
  MigratedDatabase migratedDatabase(
      DatabaseConnectionDetails database,
      DatabaseTimeouts timeouts,
      ObjectProvider<PostMigrationTask> tasks) {
    DataSource owner =
        database.connector(database.owner(), timeouts).unpooled("migration", timeouts.tool());
    SchemaMigrator.run(owner, database.schema());
    tasks.orderedStream().forEach(task -> task.run(owner));
    DatabaseConnector app = database.connector(database.app(), timeouts);
    DatabaseConnector worker = database.connector(database.worker(), timeouts);
    DatabaseGuard.check(app.unpooled("app", timeouts.socket()), database.schema());
    DatabaseGuard.check(worker.unpooled("worker", timeouts.socket()), database.schema());
    return new MigratedDatabase(app, worker);
  }

  @Bean
  RequestPool appDataSource(
      MigratedDatabase database,
      DatabaseProperties properties,
      DatabaseTimeouts timeouts,
      BreakerProperties breaker,
      PoolShare share) {
    DatabaseProperties.App app = properties.app();
    return new RequestPool(
        database.app().poolSettings("app", app.poolSize(), timeouts.statement(), timeouts.socket()),
        DatabaseBreaker.ofReads("app", breaker, probed(database.app(), timeouts)),
        share,
        app.tenantPercent(),
        app.maxWaiting());
  }

  /** A probe has no more time than opening a connection. */
  private static DataSource probed(DatabaseConnector connector, DatabaseTimeouts timeouts) {
    return connector.unpooled("probe", timeouts.connect());
  }

  @Bean
  HikariDataSource workerDataSource(
      MigratedDatabase database, DatabaseProperties properties, DatabaseTimeouts timeouts) {
    return database.worker().pool("worker", properties.worker().poolSize(), timeouts.batch());
  }

  /**
   * The event store's writer keeps a connection of its own: with a pool it could wait for a
   * connection held by a thread that waits for the writer. It sets its own socket timeout after
   * login.
   */
  @Bean
  DataSource writerDataSource(MigratedDatabase database, DatabaseTimeouts timeouts) {
    return database.worker().unpooled("writer", timeouts.statement(), timeouts.connect());
  }

  /** Unpooled connections for components of the worker that hold one for long. */
  @Bean
  DataSource sessionsDataSource(MigratedDatabase database, DatabaseTimeouts timeouts) {
    return database.worker().unpooled("session", timeouts.socket());
  }

  /** A cell in a schema of the shared database is given that database's. */
  @Bean(destroyMethod = "stop")
  @ConditionalOnMissingBean
  PostgresNotificationListener notificationListener(
      @Qualifier("sessionsDataSource") DataSource sessions) {
    return new PostgresNotificationListener(sessions);
  }

  /** Once all have subscribed. */
  @Bean
  SmartInitializingSingleton listening(PostgresNotificationListener listener) {
    return listener::start;
  }

  @Bean
  PlatformTransactionManager workerTransactionManager(
      @Qualifier("workerDataSource") DataSource dataSource) {
    return new JdbcTransactionManager(dataSource);
  }

  @Bean
  DSLContext appDsl(@Qualifier("appDataSource") DataSource dataSource) {
    return dsl(dataSource);
  }

  /**
   * For requests on all tenants' read models, with the worker's login. The pool is small, so that
   * many such requests don't slow the worker down. Operators' requests are no tenant's.
   */
  @Bean
  RequestPool adminDataSource(
      MigratedDatabase database, DatabaseTimeouts timeouts, BreakerProperties breaker) {
    return new RequestPool(
        database
            .worker()
            .poolSettings("admin", ADMIN_POOL, timeouts.statement(), timeouts.socket()),
        DatabaseBreaker.ofReads("admin", breaker, probed(database.worker(), timeouts)),
        () -> null,
        ALL_PERCENT,
        ADMIN_WAITING);
  }

  @Bean
  DSLContext adminDsl(@Qualifier("adminDataSource") DataSource dataSource) {
    return dsl(dataSource);
  }

  @Bean
  DSLContext workerDsl(@Qualifier("workerDataSource") DataSource dataSource) {
    return dsl(dataSource);
  }

  private static DSLContext dsl(DataSource dataSource) {
    var configuration = new DefaultConfiguration();
    configuration.set(SQLDialect.POSTGRES);
    configuration.set(new Settings().withRenderSchema(false)); // the connection's own
    configuration.set(
        new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)));
    configuration.set(ExceptionTranslatorExecuteListener.DEFAULT);
    return DSL.using(configuration);
  }

  /** A migrated database; the owner's password is not passed on. */
  record MigratedDatabase(DatabaseConnector app, DatabaseConnector worker) {}
}

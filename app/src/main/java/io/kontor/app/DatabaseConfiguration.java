package io.kontor.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.app.Database.Credentials;
import io.kontor.eventstore.EventHome;
import io.kontor.postgres.Migration;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Objects;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jooq.autoconfigure.ExceptionTranslatorExecuteListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Two pools: one that serves requests and sees one tenant at a time, one for the worker. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
  private static final int ADMIN_POOL = 3;

  @Bean
  @Profile("!embedded")
  Database database(DatabaseProperties properties) {
    return new Database(
        Objects.requireNonNull(properties.url()),
        Credentials.of(properties.owner().user(), properties.owner().password()),
        Credentials.of(properties.app().user(), properties.app().password()),
        Credentials.of(properties.worker().user(), properties.worker().password()));
  }

  /** The schema is there when the first pool opens, and the owner's connection is gone. */
  @Bean
  MigratedDatabase migratedDatabase(Database database, Environment environment) {
    var owner = new PGSimpleDataSource();
    owner.setUrl(database.url());
    owner.setUser(database.owner().user());
    owner.setPassword(database.owner().password());
    Migration.run(owner);
    demandHome(owner, environment);
    return new MigratedDatabase(database.url(), database.app(), database.worker());
  }

  private static void demandHome(DataSource owner, Environment environment) {
    EventHome wanted =
        AxonServerSettings.areNeeded(environment)
            ? EventHome.axonServer(AxonServerSettings.of(environment).context())
            : EventHome.POSTGRES;
    EventHome home = wanted.claim(owner);
    if (!home.equals(wanted)) {
      throw new StartRefused(
          "the events of this bank are kept in %s: start it with that and not with %s, or on a database of its own"
              .formatted(home.name(), wanted.name()));
    }
  }

  @Bean
  HikariDataSource appDataSource(MigratedDatabase database, DatabaseProperties properties) {
    return pool("app", database.url(), database.app(), properties.app().poolSize());
  }

  @Bean
  HikariDataSource workerDataSource(MigratedDatabase database, DatabaseProperties properties) {
    return pool("worker", database.url(), database.worker(), properties.worker().poolSize());
  }

  /**
   * The event store's writer keeps one connection for itself, so it never waits for one that those
   * have who wait for it. A database that does not answer is given up within seconds.
   */
  @Bean
  DataSource writerDataSource(MigratedDatabase database) {
    var login = new PGSimpleDataSource();
    login.setUrl(database.url());
    login.setUser(database.worker().user());
    login.setPassword(database.worker().password());
    login.setApplicationName("kontor-writer");
    login.setLogServerErrorDetail(false);
    login.setConnectTimeout(2);
    login.setSocketTimeout(2); // while it logs in; the writer sets its own from then on
    login.setTcpKeepAlive(true);
    return login;
  }

  @Bean
  TenantTransactions appTransactions(@Qualifier("appDataSource") DataSource dataSource) {
    return new TenantTransactions(dataSource);
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
   * For requests that are about every tenant's read models, with the worker's login: few, so that
   * however many come, the worker's own work does not wait for them.
   */
  @Bean
  HikariDataSource adminDataSource(MigratedDatabase database) {
    return pool("admin", database.url(), database.worker(), ADMIN_POOL);
  }

  @Bean
  DSLContext adminDsl(@Qualifier("adminDataSource") DataSource dataSource) {
    return dsl(dataSource);
  }

  @Bean
  DSLContext workerDsl(@Qualifier("workerDataSource") DataSource dataSource) {
    return dsl(dataSource);
  }

  private static HikariDataSource pool(String name, String url, Credentials credentials, int size) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(url);
    config.setUsername(credentials.user());
    config.setPassword(credentials.password());
    config.setMaximumPoolSize(size);
    config.addDataSourceProperty("ApplicationName", "kontor-" + name);
    // The detail of a violated constraint is the row, which no log has to know.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    var pool = new HikariDataSource(config);
    try {
      DatabaseGuard.check(pool);
      return pool;
    } catch (RuntimeException refused) {
      pool.close();
      throw refused;
    }
  }

  private static DSLContext dsl(DataSource dataSource) {
    var configuration = new DefaultConfiguration();
    configuration.set(SQLDialect.POSTGRES);
    configuration.set(
        new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)));
    configuration.set(ExceptionTranslatorExecuteListener.DEFAULT);
    return DSL.using(configuration);
  }

  /** A database whose schema is current; the owner's password is not handed on. */
  record MigratedDatabase(String url, Credentials app, Credentials worker) {}
}

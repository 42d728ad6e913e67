package io.kontor.app;

import io.kontor.app.DatabaseConnectionDetails.Credentials;
import io.kontor.counterparty.CounterpartySimulator;
import io.kontor.counterparty.SimulatorSettings;
import io.kontor.postgres.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.tenancy.TenantId;
import java.net.URI;
import java.nio.file.Path;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** A bank for development, with its own database, two tenants and a token endpoint. */
@Configuration(proxyBeanMethods = false)
@Profile("embedded")
class EmbeddedProfileConfiguration {

  @Bean(destroyMethod = "close")
  EmbeddedPostgres embeddedPostgres(@Value("${kontor.data.dir}") Path folder) {
    return EmbeddedPostgres.start(folder);
  }

  @Bean
  DatabaseConnectionDetails database(EmbeddedPostgres postgres) {
    return new DatabaseConnectionDetails(
        postgres.jdbcUrl(),
        credentials(postgres, DatabaseLogin.OWNER),
        credentials(postgres, DatabaseLogin.APP),
        credentials(postgres, DatabaseLogin.WORKER));
  }

  /** Kept in the data folder, so that tokens stay valid after a restart. */
  @Bean
  DevSigningKey devKey(EmbeddedPostgres postgres, @Value("${kontor.data.dir}") Path folder) {
    return DevSigningKey.keptIn(folder);
  }

  /** A simulated carrier and clearing house; their state ends with the process. */
  @Bean(destroyMethod = "close")
  CounterpartySimulator counterparty() {
    return CounterpartySimulator.start(SimulatorSettings.quick(System.nanoTime()));
  }

  @Bean
  URI carrierUrl(CounterpartySimulator counterparty) {
    return counterparty.carrier();
  }

  @Bean
  URI clearingUrl(CounterpartySimulator counterparty) {
    return counterparty.clearing();
  }

  /**
   * Gives the clearing house the address for its notifications, known once the server has started.
   */
  @Bean
  ApplicationListener<ServletWebServerInitializedEvent> listeningToTheClearingHouse(
      CounterpartySimulator counterparty) {
    return started ->
        counterparty.notify(URI.create("http://127.0.0.1:" + started.getWebServer().getPort()));
  }

  /** Registers the tenants before the server accepts requests. */
  @Bean
  SmartInitializingSingleton firstTenants(TenantRegistry tenants) {
    return () -> {
      tenants.register(new TenantId("acme"), "Acme", null);
      tenants.register(new TenantId("globex"), "Globex", null);
    };
  }

  private static Credentials credentials(EmbeddedPostgres postgres, DatabaseLogin login) {
    return new Credentials(login.role(), postgres.password(login));
  }
}

package io.kontor.app;

import io.kontor.app.Database.Credentials;
import io.kontor.counterparty.Counterparty;
import io.kontor.counterparty.CounterpartySettings;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.postgres.Login;
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

/** A bank to try out: it brings its database, two tenants and a maker of tokens along. */
@Configuration(proxyBeanMethods = false)
@Profile("embedded")
class EmbeddedConfiguration {

  @Bean(destroyMethod = "close")
  EmbeddedPostgres embeddedPostgres(@Value("${kontor.data.dir}") Path folder) {
    return EmbeddedPostgres.start(folder);
  }

  @Bean
  Database database(EmbeddedPostgres postgres) {
    return new Database(
        postgres.jdbcUrl(),
        credentials(postgres, Login.OWNER),
        credentials(postgres, Login.APP),
        credentials(postgres, Login.WORKER));
  }

  /** Kept in the data folder, so that a token outlives a restart as it would elsewhere. */
  @Bean
  DevKey devKey(EmbeddedPostgres postgres, @Value("${kontor.data.dir}") Path folder) {
    return DevKey.keptIn(folder);
  }

  /** Somebody to ship with, and to pay other banks through. It forgets with the process. */
  @Bean(destroyMethod = "close")
  Counterparty counterparty() {
    return Counterparty.start(CounterpartySettings.quick(System.nanoTime()));
  }

  @Bean
  URI carrierUrl(Counterparty counterparty) {
    return counterparty.carrier();
  }

  @Bean
  URI clearingUrl(Counterparty counterparty) {
    return counterparty.clearing();
  }

  /** It tells the bank what became of payments once there is somebody to tell. */
  @Bean
  ApplicationListener<ServletWebServerInitializedEvent> listeningToTheClearingHouse(
      Counterparty counterparty) {
    return started ->
        counterparty.notify(URI.create("http://127.0.0.1:" + started.getWebServer().getPort()));
  }

  /** Before the first request can come. */
  @Bean
  SmartInitializingSingleton firstTenants(TenantRegistry tenants) {
    return () -> {
      tenants.register(new TenantId("acme"), "Acme", null);
      tenants.register(new TenantId("globex"), "Globex", null);
    };
  }

  private static Credentials credentials(EmbeddedPostgres postgres, Login login) {
    return new Credentials(login.role(), postgres.password(login));
  }
}

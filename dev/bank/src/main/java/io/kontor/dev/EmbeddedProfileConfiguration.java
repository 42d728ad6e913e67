package io.kontor.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kontor.console.session.TrialPeople;
import io.kontor.console.session.TrialPeople.Person;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseCreator;
import io.kontor.database.DatabaseLogin;
import io.kontor.dev.DevTokenController.TokenRequest;
import io.kontor.personaldata.MasterKeyProperties;
import io.kontor.personaldata.MasterKeys;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.postgres.SecretFile;
import io.kontor.simulator.CounterpartySimulator;
import io.kontor.simulator.SimulatorSettings;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.security.CachingJwtDecoder;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** A bank for development, with its own database, two tenants and a token endpoint. */
@AutoConfiguration
@Profile("embedded")
@EnableConfigurationProperties(DataProperties.class)
@Import({DevTokenController.class, DevPages.class})
public class EmbeddedProfileConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedProfileConfiguration.class);

  @Bean(destroyMethod = "close")
  EmbeddedPostgres embeddedPostgres(DataProperties data) {
    return EmbeddedPostgres.start(data.dir());
  }

  @Bean
  DatabaseConnectionDetails database(EmbeddedPostgres postgres) {
    return details(postgres, postgres.jdbcUrl());
  }

  /** A tenant with a database of its own gets one on the same server. */
  @Bean
  DatabaseCreator databaseCreator(EmbeddedPostgres postgres) {
    return new DatabaseCreator() {
      @Override
      public DatabaseConnectionDetails create(String name) {
        try {
          postgres.createMissingDatabase(name);
        } catch (SQLException e) {
          throw new IllegalStateException("the database " + name + " can't be created", e);
        }
        return details(postgres, postgres.jdbcUrl(name));
      }

      @Override
      public void drop(String name) {
        try {
          postgres.dropDatabase(name);
        } catch (SQLException e) {
          throw new IllegalStateException("the database " + name + " can't be dropped", e);
        }
      }
    };
  }

  /** Kept in the data folder, so that tokens stay valid after a restart. */
  @Bean
  DevSigningKey devKey(EmbeddedPostgres postgres, DataProperties data) {
    return DevSigningKey.keptIn(data.dir());
  }

  @Bean
  JwtDecoder devTokens(DevSigningKey key) {
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withPublicKey(key.publicKey())
            .signatureAlgorithm(SignatureAlgorithm.RS256)
            .build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(new JwtTimestampValidator(), TokenClaims.claims()));
    return new CachingJwtDecoder(decoder);
  }

  /** Unless one is given, it is kept in the data folder, next to the database it protects. */
  @Bean
  MasterKeys masterKeys(
      MasterKeyProperties properties, EmbeddedPostgres postgres, DataProperties data) {
    String key = properties.key();
    return MasterKeys.of(key == null ? masterKeyIn(data.dir()) : key, properties.formerKeys());
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

  /** People of both tenants, and an operator, to sign in to the console as. */
  @Bean
  TrialPeople trialPeople(DevTokenController tokens) {
    List<Person> people =
        Stream.concat(
                Stream.of("acme", "globex").flatMap(EmbeddedProfileConfiguration::peopleOf),
                Stream.of(new Person(null, "olga", Role.OPERATOR)))
            .toList();
    return new TrialPeople(
        people,
        person ->
            tokens
                .token(
                    new TokenRequest(
                        person.tenant(), person.subject(), List.of(person.role().claim())))
                .accessToken());
  }

  private static Stream<Person> peopleOf(String tenant) {
    return Stream.of(
        new Person(tenant, "tim", Role.TELLER),
        new Person(tenant, "alice", Role.CUSTOMER),
        new Person(tenant, "audrey", Role.AUDITOR),
        new Person(tenant, "adam", Role.ADMIN));
  }

  /** Registers the tenants before the server accepts requests. */
  @Bean
  SmartInitializingSingleton firstTenants(TenantRegistry tenants) {
    return () -> {
      tenants.register(new TenantId("acme"), "Acme", null);
      tenants.register(new TenantId("globex"), "Globex", null);
    };
  }

  @Bean
  ApplicationListener<ApplicationReadyEvent> howToGetIn() {
    return ready -> {
      String port = ready.getApplicationContext().getEnvironment().getProperty("local.server.port");
      LOG.info("  Console     http://localhost:{}/console", port);
      LOG.info(
          "  a token     curl -s http://localhost:{}/dev/token -H 'Content-Type: application/json'"
              + " -d '{\"tenant\":\"acme\",\"subject\":\"alice\",\"roles\":[\"teller\"]}'",
          port);
    };
  }

  private static String masterKeyIn(Path folder) {
    byte[] kept =
        SecretFile.readOrCreate(
            folder.resolve(MasterKeys.FILE), () -> MasterKeys.generate().getBytes(US_ASCII));
    return new String(kept, US_ASCII);
  }

  private static DatabaseConnectionDetails details(EmbeddedPostgres postgres, String url) {
    return new DatabaseConnectionDetails(
        url,
        credentials(postgres, DatabaseLogin.OWNER),
        credentials(postgres, DatabaseLogin.APP),
        credentials(postgres, DatabaseLogin.WORKER));
  }

  private static Credentials credentials(EmbeddedPostgres postgres, DatabaseLogin login) {
    return new Credentials(login.role(), postgres.password(login));
  }
}

package io.kontor.command.web;

import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.command.CommandSideConfiguration;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.database.DatabaseConnectionDetails.Credentials;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.eventstore.EventStoreConfiguration;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.personaldata.MasterKeys;
import io.kontor.personaldata.PersonalDataConfiguration;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import io.kontor.web.WebConfiguration;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.security.OpeningRoles;
import io.kontor.web.security.Role;
import io.kontor.web.security.TenantFilter;
import io.kontor.web.security.TokenClaims;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.springboot.autoconfig.JdbcAutoConfiguration;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** The command side on its own database; a token is {@code tenant.subject.role}. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = JdbcAutoConfiguration.class,
    excludeName = {
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration"
    })
@Import({
  WebConfiguration.class,
  EventStoreConfiguration.class,
  PersonalDataConfiguration.class,
  CommandSideConfiguration.class
})
class CommandSideApplication {
  @Bean
  TestClock clock() {
    return new TestClock();
  }

  @Bean
  TestDatabase database() {
    return TestDatabase.create();
  }

  @Bean
  DataSource appDataSource(TestDatabase database) {
    return database.app();
  }

  @Bean
  DataSource workerDataSource(TestDatabase database) {
    return database.worker();
  }

  @Bean
  DataSource writerDataSource(TestDatabase database) {
    return database.worker();
  }

  @Bean
  DataSource sessionsDataSource(TestDatabase database) {
    return database.worker();
  }

  @Bean
  DatabaseConnectionDetails databaseConnectionDetails(TestDatabase database) {
    return new DatabaseConnectionDetails(
        database.jdbcUrl(),
        credentials(database, DatabaseLogin.OWNER),
        credentials(database, DatabaseLogin.APP),
        credentials(database, DatabaseLogin.WORKER));
  }

  private static Credentials credentials(TestDatabase database, DatabaseLogin login) {
    return Credentials.of(login.role(), database.password(login));
  }

  @Bean(initMethod = "start", destroyMethod = "stop")
  PostgresNotificationListener notificationListener(TestDatabase database) {
    return new PostgresNotificationListener(database.worker());
  }

  @Bean
  MasterKeys masterKeys() {
    return MasterKeys.of(MasterKeys.generate(), List.of());
  }

  @Bean
  TenantTransactions appTransactions(@Qualifier("appDataSource") DataSource app) {
    return new TenantTransactions(app);
  }

  @Bean
  @Primary
  Serializer serializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  Serializer messageSerializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  Serializer snapshotSerializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  @Qualifier("eventSerializer")
  Serializer eventSerializer() {
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName());
  }

  @Bean
  InitializingBean tenants(CommandBus commands) {
    var tenant = new TenantMessageInterceptor();
    return () -> {
      commands.registerDispatchInterceptor(tenant);
      commands.registerHandlerInterceptor(tenant);
      commands.registerHandlerInterceptor(
          new CorrelationDataInterceptor<>(
              new SimpleCorrelationDataProvider(TenantMessageInterceptor.KEY)));
    };
  }

  @Bean
  JwtDecoder tokens() {
    return token -> {
      String[] parts = token.split("\\.", 3);
      return Jwt.withTokenValue(token)
          .header("alg", "none")
          .claim(TokenClaims.TENANT, parts[0])
          .subject(parts[1])
          .claim(TokenClaims.ROLES, List.of(parts[2]))
          .expiresAt(Instant.MAX)
          .build();
    };
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, SecurityProblemHandler problems)
      throws Exception {
    return http.csrf(csrf -> csrf.disable())
        .authorizeHttpRequests(
            requests -> requests.anyRequest().access(OpeningRoles.of(Role.TELLER, Role.CUSTOMER)))
        .oauth2ResourceServer(
            server ->
                server.jwt(jwt -> jwt.jwtAuthenticationConverter(TokenClaims.authentication())))
        .addFilterAfter(new TenantFilter(tenant -> true, problems), AuthorizationFilter.class)
        .build();
  }
}

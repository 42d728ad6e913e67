package io.kontor.command.web;

import io.kontor.api.EventCatalogue;
import io.kontor.command.CommandSideConfiguration;
import io.kontor.eventstore.EventStoreConfiguration;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.personal.MasterKeys;
import io.kontor.personal.PersonalDataConfiguration;
import io.kontor.postgres.FreshDatabase;
import io.kontor.tenancy.jdbc.TenantTransactions;
import io.kontor.tenancy.messaging.TenantMetadata;
import io.kontor.web.OpeningRoles;
import io.kontor.web.ProblemAnswers;
import io.kontor.web.Role;
import io.kontor.web.TenantFilter;
import io.kontor.web.Tokens;
import io.kontor.web.WebConfiguration;
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

/** The command side alone on a database of its own; a token is {@code tenant.subject.role}. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = JdbcAutoConfiguration.class,
    excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
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
  FreshDatabase database() {
    return FreshDatabase.create();
  }

  @Bean
  DataSource appDataSource(FreshDatabase database) {
    return database.app();
  }

  @Bean
  DataSource workerDataSource(FreshDatabase database) {
    return database.worker();
  }

  @Bean
  DataSource writerDataSource(FreshDatabase database) {
    return database.worker();
  }

  @Bean
  DataSource sessionsDataSource(FreshDatabase database) {
    return database.worker();
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
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), EventCatalogue.byName());
  }

  @Bean
  InitializingBean tenants(CommandBus commands) {
    var tenant = new TenantMetadata();
    return () -> {
      commands.registerDispatchInterceptor(tenant);
      commands.registerHandlerInterceptor(tenant);
      commands.registerHandlerInterceptor(
          new CorrelationDataInterceptor<>(new SimpleCorrelationDataProvider(TenantMetadata.KEY)));
    };
  }

  @Bean
  JwtDecoder tokens() {
    return token -> {
      String[] parts = token.split("\\.", 3);
      return Jwt.withTokenValue(token)
          .header("alg", "none")
          .claim(Tokens.TENANT, parts[0])
          .subject(parts[1])
          .claim(Tokens.ROLES, List.of(parts[2]))
          .expiresAt(Instant.MAX)
          .build();
    };
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, ProblemAnswers problems) throws Exception {
    return http.csrf(csrf -> csrf.disable())
        .authorizeHttpRequests(
            requests -> requests.anyRequest().access(OpeningRoles.of(Role.TELLER, Role.CUSTOMER)))
        .oauth2ResourceServer(
            server -> server.jwt(jwt -> jwt.jwtAuthenticationConverter(Tokens.authentication())))
        .addFilterAfter(new TenantFilter(tenant -> true, problems), AuthorizationFilter.class)
        .build();
  }
}

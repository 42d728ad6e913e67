package io.kontor.app.startup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.personaldata.MasterKeys;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

@Tag("fast")
class StartupRequirementsTest {
  private static final String JWKS = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri";

  @Test
  void theEmbeddedBankNeedsNothing() {
    var environment = new MockEnvironment();
    environment.setActiveProfiles("embedded");
    assertThatCode(() -> StartupRequirements.check(environment)).doesNotThrowAnyException();
  }

  @Test
  void anUnknownRoleIsRefusedWithTheOnesThereAre() {
    var environment = new MockEnvironment().withProperty("kontor.roles", "query,writer");
    environment.setActiveProfiles("embedded");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .isInstanceOf(StartupRejectedException.class)
        .hasMessage(
            "kontor.roles names 'writer', which is none of command, query, projection, saga");
  }

  @Test
  void aNodeThatDecidesNothingNeedsTheOthersSecret() {
    var environment = new MockEnvironment().withProperty("kontor.roles", "query");
    environment.setActiveProfiles("embedded");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .isInstanceOf(StartupRejectedException.class)
        .hasMessageContaining("KONTOR_CLUSTER_SECRET");
    environment.setProperty("kontor.cluster.secret", "short");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .isInstanceOf(StartupRejectedException.class)
        .hasMessageContaining("less than 32 characters")
        .hasMessageNotContaining("short");
    environment.setProperty("kontor.cluster.secret", "");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .isInstanceOf(StartupRejectedException.class);
    environment.setProperty("kontor.cluster.secret", "a".repeat(32));
    assertThatCode(() -> StartupRequirements.check(environment)).doesNotThrowAnyException();
  }

  @Test
  void aBrokerWithoutAPortIsRefused() {
    var environment = new MockEnvironment().withProperty("kontor.kafka.bootstrap-servers", "kafka");
    environment.setActiveProfiles("embedded");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .isInstanceOf(StartupRejectedException.class)
        .hasMessage(
            "kontor.kafka: bootstrap-servers names 'kafka', which is not host:port, such as"
                + " kafka-1:9092");
  }

  @Test
  void spansThatCouldGoNowhereAreRefused() {
    var environment = new MockEnvironment().withProperty("kontor.tracing.endpoint", "collector");
    environment.setActiveProfiles("embedded");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .isInstanceOf(StartupRejectedException.class)
        .hasMessage(
            "KONTOR_TRACING_ENDPOINT is not the URL of an OTLP receiver over HTTP, such as"
                + " http://collector:4318/v1/traces: 'collector'");
    environment.setProperty("kontor.tracing.endpoint", "http://collector:4318/v1/traces");
    for (String share : new String[] {"0", "0.05", "1"}) {
      environment.setProperty("kontor.tracing.share", share);
      assertThatCode(() -> StartupRequirements.check(environment)).doesNotThrowAnyException();
    }
    for (String share : new String[] {"2", "10 %", "-0.1", "NaN"}) {
      environment.setProperty("kontor.tracing.share", share);
      assertThatThrownBy(() -> StartupRequirements.check(environment))
          .isInstanceOf(StartupRejectedException.class)
          .hasMessageContaining("a number from 0 to 1")
          .hasMessageContaining(share);
    }
  }

  @Test
  void withoutADatabaseBothWaysAreTold() {
    assertThatThrownBy(() -> StartupRequirements.check(new MockEnvironment()))
        .isInstanceOf(StartupRejectedException.class)
        .hasMessageContaining("KONTOR_DB_URL")
        .hasMessageContaining("SPRING_PROFILES_ACTIVE=embedded");
  }

  @Test
  void everyMissingPasswordIsNamed() {
    var environment =
        new MockEnvironment()
            .withProperty("kontor.db.url", "jdbc:postgresql://db/kontor")
            .withProperty("kontor.db.app.password", "x");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .hasMessageContaining("KONTOR_DB_OWNER_PASSWORD, KONTOR_DB_WORKER_PASSWORD");
  }

  @Test
  void aMasterKeyAndATrustedIssuerAreRequired() {
    var environment =
        new MockEnvironment()
            .withProperty("kontor.db.url", "jdbc:postgresql://db/kontor")
            .withProperty("kontor.db.owner.password", "x")
            .withProperty("kontor.db.app.password", "x")
            .withProperty("kontor.db.worker.password", "x");
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .hasMessageContaining("KONTOR_MASTER_KEY");
    environment.setProperty("kontor.master.key", MasterKeys.generate());
    assertThatThrownBy(() -> StartupRequirements.check(environment))
        .hasMessageContaining("JWK_SET_URI");
    environment.setProperty(JWKS, "https://issuer/keys");
    assertThatCode(() -> StartupRequirements.check(environment)).doesNotThrowAnyException();
  }
}

package io.kontor.app.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

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
    assertThat(rejection(environment))
        .isEqualTo(
            "kontor.roles is 'query,writer': 'writer' is none of command, query, projection, saga");
  }

  @Test
  void aNodeThatDecidesNothingNeedsTheOthersSecret() {
    var environment = new MockEnvironment().withProperty("kontor.roles", "query");
    environment.setActiveProfiles("embedded");
    assertThat(rejection(environment)).contains("KONTOR_CLUSTER_SECRET");
    environment.setProperty("kontor.cluster.secret", "short");
    assertThat(rejection(environment))
        .startsWith("kontor.cluster.secret is '******': must have at least 32 characters");
    environment.setProperty("kontor.cluster.secret", "");
    assertThat(rejection(environment)).startsWith("kontor.cluster.secret is '******'");
    environment.setProperty("kontor.cluster.secret", "a".repeat(32));
    assertThatCode(() -> StartupRequirements.check(environment)).doesNotThrowAnyException();
  }

  @Test
  void withoutADatabaseBothWaysAreNamed() {
    assertThat(rejection(new MockEnvironment()))
        .startsWith("kontor.db.url is not set: set KONTOR_DB_URL")
        .contains("SPRING_PROFILES_ACTIVE=embedded");
  }

  @Test
  void everyMissingPasswordIsNamed() {
    var environment =
        new MockEnvironment()
            .withProperty("kontor.db.url", "jdbc:postgresql://db/kontor")
            .withProperty("kontor.db.app.password", "x");
    assertThat(rejection(environment))
        .isEqualTo(
            "kontor.db.owner.password is not set: set KONTOR_DB_OWNER_PASSWORD,"
                + " KONTOR_DB_WORKER_PASSWORD");
  }

  @Test
  void aMasterKeyAndATrustedIssuerAreRequired() {
    var environment =
        new MockEnvironment()
            .withProperty("kontor.db.url", "jdbc:postgresql://db/kontor")
            .withProperty("kontor.db.owner.password", "x")
            .withProperty("kontor.db.app.password", "x")
            .withProperty("kontor.db.worker.password", "x");
    assertThat(rejection(environment))
        .startsWith("kontor.master.key is not set: set KONTOR_MASTER_KEY");
    environment.setProperty("kontor.master.key", MasterKeys.generate());
    assertThat(rejection(environment)).contains("JWK_SET_URI");
    environment.setProperty(JWKS, "https://issuer/keys");
    assertThatCode(() -> StartupRequirements.check(environment)).doesNotThrowAnyException();
  }

  private static String rejection(MockEnvironment environment) {
    Throwable failure = catchThrowable(() -> StartupRequirements.check(environment));
    return new StartupFailureAnalyzer().analyze(failure).getDescription();
  }
}

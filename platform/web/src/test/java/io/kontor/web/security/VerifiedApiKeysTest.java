package io.kontor.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

@Tag("fast")
class VerifiedApiKeysTest {
  private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");
  private static final Instant EXPIRY = START.plusSeconds(100);

  private final ApiKey key = ApiKey.create(new TenantId("acme"), IdGenerator.next());
  private final ApiKeyHolder holder =
      new ApiKeyHolder(key.id(), key.tenant(), "key:payroll", Set.of(Role.TELLER), EXPIRY);
  private Duration passed = Duration.ZERO;
  private boolean isRevoked;
  private final VerifiedApiKeys keys =
      new VerifiedApiKeys(
          (_, _) -> isRevoked ? Optional.empty() : Optional.of(holder),
          () -> START.plus(passed),
          () -> passed.toNanos());

  @Test
  void aKeyThatIsRevokedElsewhereIsRefusedFiveSecondsLater() {
    assertThat(keys.lookUp(key, "192.0.2.1")).isPresent();
    isRevoked = true;

    passed = Duration.ofMillis(4_900);
    assertThat(keys.remembered(key)).isPresent();
    passed = Duration.ofMillis(5_100);
    assertThat(keys.remembered(key)).isEmpty();
    assertThat(keys.lookUp(key, "192.0.2.1")).isEmpty();
  }

  @Test
  void aKeyThatIsRevokedHereIsLookedUpAtOnce() {
    assertThat(keys.lookUp(key, "192.0.2.1")).isPresent();
    keys.forget(key.id());
    assertThat(keys.remembered(key)).isEmpty();
  }

  @Test
  void anotherSecretWithTheSameIdIsNotRemembered() {
    assertThat(keys.lookUp(key, "192.0.2.1")).isPresent();
    assertThat(keys.remembered(ApiKey.create(key.tenant(), key.id()))).isEmpty();
  }

  @Test
  void aRememberedKeyExpiresInTime() {
    passed = Duration.ofSeconds(99);
    assertThat(keys.lookUp(key, "192.0.2.1")).isPresent();
    passed = Duration.ofSeconds(101);
    assertThat(keys.remembered(key)).isEmpty();
    assertThat(keys.lookUp(key, "192.0.2.1")).isEmpty();
  }

  @Test
  void itsClaimsAreThoseOfATokenAndLastForAMinute() {
    JwtAuthenticationToken caller = keys.lookUp(key, "192.0.2.1").orElseThrow();

    assertThat(caller.isAuthenticated()).isTrue();
    assertThat(caller.getName()).isEqualTo("key:payroll");
    assertThat(Caller.roles(caller)).containsExactly(Role.TELLER);
    assertThat(TokenClaims.tenant(caller.getToken())).contains(key.tenant());
    assertThat(TokenClaims.isApiKey(caller.getToken())).isTrue();
    assertThat(caller.getToken().getExpiresAt()).isEqualTo(START.plusSeconds(60));
    assertThat(caller.getToken().getTokenValue()).doesNotContain(key.reveal());

    passed = Duration.ofSeconds(90);
    assertThat(keys.lookUp(key, "192.0.2.1").orElseThrow().getToken().getExpiresAt())
        .isEqualTo(EXPIRY);
  }
}

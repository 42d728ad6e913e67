package io.kontor.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

@Tag("fast")
class CachingJwtDecoderTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> verified = new ArrayList<>();
  private Duration lifetime = Duration.ofHours(1);
  private Duration passed = Duration.ZERO;
  private final CachingJwtDecoder decoder =
      new CachingJwtDecoder(this::verify, () -> START.plus(passed), () -> passed.toNanos());

  @Test
  void aTokenIsVerifiedOnce() {
    decoder.decode("a");
    decoder.decode("a");
    decoder.decode("b");
    assertThat(verified).containsExactly("a", "b");
  }

  @Test
  void afterAMinuteATokenIsVerifiedAgain() {
    decoder.decode("a");
    passed = Duration.ofSeconds(59);
    decoder.decode("a");
    assertThat(verified).hasSize(1);
    passed = Duration.ofSeconds(61);
    decoder.decode("a");
    assertThat(verified).hasSize(2);
  }

  @Test
  void nothingIsRememberedPastATokensEnd() {
    lifetime = Duration.ofSeconds(10);
    decoder.decode("a");
    passed = Duration.ofSeconds(11);
    decoder.decode("a");
    assertThat(verified).hasSize(2);
  }

  @Test
  void aTokenThatEndedWithinTheAllowedSkewIsNotRemembered() {
    lifetime = Duration.ofSeconds(-5);
    decoder.decode("a");
    decoder.decode("a");
    assertThat(verified).hasSize(2);
  }

  @Test
  void aRefusalIsNotRemembered() {
    assertThatThrownBy(() -> decoder.decode("bad")).isInstanceOf(BadJwtException.class);
    assertThatThrownBy(() -> decoder.decode("bad")).isInstanceOf(BadJwtException.class);
    assertThat(verified).hasSize(2);
  }

  @Test
  void theMemoryIsBounded() {
    for (int i = 0; i < CachingJwtDecoder.CAPACITY + 500; i++) {
      decoder.decode("token" + i);
    }
    assertThat(decoder.size()).isLessThanOrEqualTo(CachingJwtDecoder.CAPACITY);
  }

  private Jwt verify(String token) {
    verified.add(token);
    if (token.equals("bad")) {
      throw new BadJwtException("bad signature");
    }
    Instant end = START.plus(lifetime);
    return Jwt.withTokenValue(token)
        .header("alg", "RS256")
        .issuedAt(end.minusSeconds(60))
        .expiresAt(end)
        .build();
  }
}

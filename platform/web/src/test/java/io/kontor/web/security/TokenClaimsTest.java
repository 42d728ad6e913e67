package io.kontor.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;

@Tag("fast")
class TokenClaimsTest {
  private final Map<String, Object> claims = new HashMap<>();

  TokenClaimsTest() {
    claims.put("sub", "alice");
    claims.put("tenant", "acme");
    claims.put("exp", Instant.now().plusSeconds(60));
    claims.put("roles", List.of("teller", "a role of another program"));
  }

  @Test
  void aTokenThatSaysWhoItIsIsTaken() {
    assertTaken("sub", "alice");
    assertTaken("sub", "client|0198c0de:Zoë");
    assertTaken("sub", "\ud83d\ude00".repeat(255));
    assertTaken("roles", List.of());
    claims.remove("tenant");
    assertTaken("sub", "an operator");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "a\u0085b",
        "a\u202eb",
        "a\u200bb",
        "a\u2028b",
        "a\ufeff",
        "\uffff",
        "\ud83d",
        "\ude00x"
      })
  void aSubjectThatCannotBeShownIsRefused(String subject) {
    assertRefused("sub", subject);
  }

  static Stream<Object> notATenant() {
    return Stream.of(7, true, 1.5, List.of("acme"), Map.of("id", "acme"));
  }

  @ParameterizedTest
  @MethodSource("notATenant")
  void aClaimOfAnotherTypeIsRefused(Object value) {
    assertRefused("tenant", value);
    assertRefused("sub", value);
    assertRefused("roles", value instanceof List<?> ? Map.of() : value);
    assertRefused("exp", value);
  }

  @Test
  void rolesAreStrings() {
    for (Object wrong : new Object[] {null, 7, true, List.of("teller"), Map.of()}) {
      assertRefused("roles", new ArrayList<>(Arrays.asList("teller", wrong)));
    }
    assertRefused("roles", "teller");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub", "exp", "roles"})
  void aClaimThatIsMissingIsNamed(String claim) {
    claims.remove(claim);
    assertRefused(TokenClaims.claims(), claim);
  }

  @Test
  void aSubjectHasAtMost255Characters() {
    assertTaken("sub", "x".repeat(255));
    assertRefused("sub", "x".repeat(256));
  }

  @Test
  void aTokenForAnotherAudienceIsRefused() {
    var audience = TokenClaims.audience(List.of("kontor"));
    assertRefused(audience, "aud");
    for (Object other :
        new Object[] {List.of(), List.of("shop"), Arrays.asList(null, 7), "kontor", 7}) {
      claims.put("aud", other);
      assertRefused(audience, "aud");
    }
    claims.put("aud", List.of("shop", "kontor"));
    assertThat(audience.validate(token()).hasErrors()).isFalse();
  }

  private void assertTaken(String claim, Object value) {
    claims.put(claim, value);
    assertThat(TokenClaims.claims().validate(token()).getErrors()).isEmpty();
  }

  private void assertRefused(String claim, Object value) {
    Object right = claims.put(claim, value);
    assertRefused(TokenClaims.claims(), claim);
    claims.put(claim, right);
  }

  private void assertRefused(OAuth2TokenValidator<Jwt> validator, String claim) {
    assertThat(validator.validate(token()).getErrors())
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.getErrorCode()).isEqualTo("invalid_token");
              assertThat(error.getDescription()).startsWith(claim + " must");
            });
  }

  private Jwt token() {
    return new Jwt("token", null, null, Map.of("alg", "RS256"), new HashMap<>(claims));
  }
}

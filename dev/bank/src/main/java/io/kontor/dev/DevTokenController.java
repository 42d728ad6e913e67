package io.kontor.dev;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import io.kontor.tenancy.TenantId;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.security.Role;
import io.kontor.web.security.TokenClaims;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Issues tokens to any caller, in profile {@code embedded} only. */
@RestController
@Profile("embedded")
@Tag(name = "Trying out")
class DevTokenController {
  private static final long LIFETIME_SECONDS = 3600;

  private final JwtEncoder encoder;

  DevTokenController(DevSigningKey key) {
    encoder = new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(key.jwk())));
  }

  /**
   * The subject and claims of the token.
   *
   * @param tenant required unless the only role is operator
   */
  @Schema(
      name = "TokenRequest",
      example =
          """
          {"tenant":"acme","subject":"alice","roles":["teller"]}
          """)
  record TokenRequest(@Nullable String tenant, String subject, List<String> roles) {}

  @Schema(name = "Token")
  record TokenAnswer(
      @JsonProperty("access_token") String accessToken,
      @JsonProperty("token_type") String tokenType,
      @JsonProperty("expires_in") long expiresIn) {}

  @PostMapping("/dev/token")
  @Operation(operationId = "getToken", summary = "Get a token, with the embedded database only")
  @SecurityRequirements
  TokenAnswer token(@RequestBody TokenRequest request) {
    Instant now = Instant.now();
    JwtClaimsSet.Builder claims =
        JwtClaimsSet.builder()
            .subject(subject(request))
            .issuedAt(now)
            .expiresAt(now.plusSeconds(LIFETIME_SECONDS))
            .claim(TokenClaims.ROLES, roles(request));
    tenant(request).ifPresent(tenant -> claims.claim(TokenClaims.TENANT, tenant.value()));
    var header = JwsHeader.with(SignatureAlgorithm.RS256).build();
    String token =
        encoder.encode(JwtEncoderParameters.from(header, claims.build())).getTokenValue();
    return new TokenAnswer(token, "Bearer", LIFETIME_SECONDS);
  }

  private static String subject(TokenRequest request) {
    if (!TokenClaims.isSubject(request.subject())) {
      throw ProblemException.invalid("/subject", "must have 1 to 255 visible characters");
    }
    return request.subject();
  }

  private static List<String> roles(TokenRequest request) {
    if (request.roles().isEmpty()) {
      throw ProblemException.invalid("/roles", "must name at least one role");
    }
    for (int i = 0; i < request.roles().size(); i++) {
      if (Role.ofClaim(request.roles().get(i)).isEmpty()) {
        throw ProblemException.invalid(
            "/roles/" + i, "must be one of teller, customer, auditor, admin, clearing, operator");
      }
    }
    boolean operator = request.roles().contains(Role.OPERATOR.claim());
    if (operator && request.roles().size() > 1) {
      throw ProblemException.invalid("/roles", "must not join operator with another role");
    }
    return request.roles();
  }

  /** An operator has no tenant; a requested one is ignored. */
  private static Optional<TenantId> tenant(TokenRequest request) {
    if (request.roles().contains(Role.OPERATOR.claim())) {
      return Optional.empty();
    }
    if (request.tenant() == null) {
      throw ProblemException.invalid("/tenant", "is required");
    }
    try {
      return Optional.of(new TenantId(request.tenant()));
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid("/tenant", String.valueOf(malformed.getMessage()));
    }
  }
}

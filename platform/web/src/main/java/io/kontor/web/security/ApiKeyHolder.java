package io.kontor.web.security;

import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** For whom an API key acts, and what it may do. */
public record ApiKeyHolder(
    UUID key, TenantId tenant, String subject, Set<Role> roles, Instant expiresAt) {
  /** What outlives its request, as a stream does, has to verify the key again after that time. */
  private static final Duration CLAIMS_LAST = Duration.ofMinutes(1);

  public ApiKeyHolder {
    roles = Set.copyOf(roles);
  }

  /**
   * The same claims as in an issuer's token, so that all authorization, the tenant and the limits
   * apply as they do to tokens. They expire a minute from {@code now}, or with the key.
   */
  JwtAuthenticationToken authentication(Instant now) {
    Instant end = now.plus(CLAIMS_LAST);
    Jwt claims =
        Jwt.withTokenValue("api-key/" + key)
            .header(TokenClaims.TYPE, TokenClaims.API_KEY)
            .claim(JwtClaimNames.SUB, subject)
            .claim(JwtClaimNames.JTI, key.toString())
            .claim(JwtClaimNames.EXP, end.isBefore(expiresAt) ? end : expiresAt)
            .claim(TokenClaims.TENANT, tenant.value())
            .claim(TokenClaims.ROLES, roles.stream().map(Role::claim).sorted().toList())
            .build();
    return new JwtAuthenticationToken(
        claims, roles.stream().map(RoleAuthority::new).toList(), subject);
  }
}

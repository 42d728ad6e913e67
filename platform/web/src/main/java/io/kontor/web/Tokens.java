package io.kontor.web;

import static org.springframework.security.oauth2.core.OAuth2TokenValidatorResult.failure;
import static org.springframework.security.oauth2.core.OAuth2TokenValidatorResult.success;

import io.kontor.tenancy.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** What Kontor reads in a verified token: {@code sub}, {@code tenant} and {@code roles}. */
public final class Tokens {
  public static final String TENANT = "tenant";
  public static final String ROLES = "roles";

  private Tokens() {}

  /** Refuses a token without subject, end or array of roles. */
  public static OAuth2TokenValidator<Jwt> claims() {
    return jwt -> {
      String subject = jwt.getSubject();
      if (subject == null || subject.isBlank()) {
        return refused("the token has no sub");
      }
      if (jwt.getExpiresAt() == null) {
        return refused("the token has no exp");
      }
      return roles(jwt) == null ? refused("the token has no array of roles") : success();
    };
  }

  /** Turns roles into authorities. */
  public static Converter<Jwt, AbstractAuthenticationToken> authentication() {
    return jwt -> new JwtAuthenticationToken(jwt, authorities(jwt), jwt.getSubject());
  }

  /**
   * The tenant that the token names.
   *
   * @throws IllegalArgumentException when it is not a tenant's name
   */
  static Optional<TenantId> tenant(Jwt jwt) {
    Object tenant = jwt.getClaims().get(TENANT);
    return Optional.ofNullable(tenant).map(name -> new TenantId(name.toString()));
  }

  private static Collection<GrantedAuthority> authorities(Jwt jwt) {
    List<?> roles = roles(jwt);
    return roles == null
        ? List.of()
        : roles.stream()
            .flatMap(role -> Role.ofClaim(role.toString()).stream())
            .<GrantedAuthority>map(RoleAuthority::new)
            .toList();
  }

  private static @Nullable List<?> roles(Jwt jwt) {
    return jwt.getClaims().get(ROLES) instanceof List<?> roles ? roles : null;
  }

  private static OAuth2TokenValidatorResult refused(String why) {
    return failure(new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, why, null));
  }
}

package io.kontor.web.security;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.springframework.security.oauth2.core.OAuth2TokenValidatorResult.failure;
import static org.springframework.security.oauth2.core.OAuth2TokenValidatorResult.success;

import io.kontor.tenancy.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** The claims that Kontor reads: {@code sub}, {@code tenant} and {@code roles}. */
public final class TokenClaims {
  public static final String TENANT = "tenant";
  public static final String ROLES = "roles";

  /** The header that distinguishes an API key's claims from a token's. */
  static final String TYPE = "typ";

  static final String API_KEY = "kontor-api-key";

  /** The limit of OpenID Connect. */
  private static final int LONGEST_SUBJECT = 255;

  /** Characters that a database, a log or a reader can't handle. */
  private static final Set<Integer> NOT_IN_A_SUBJECT =
      Set.of(
          (int) Character.CONTROL,
          (int) Character.FORMAT,
          (int) Character.SURROGATE,
          (int) Character.LINE_SEPARATOR,
          (int) Character.PARAGRAPH_SEPARATOR,
          (int) Character.UNASSIGNED);

  private TokenClaims() {}

  /** Whether it is a valid subject: 1 to 255 characters, all of them visible. */
  public static boolean isSubject(String text) {
    return !text.isBlank()
        && text.codePointCount(0, text.length()) <= LONGEST_SUBJECT
        && text.codePoints().mapToObj(Character::getType).noneMatch(NOT_IN_A_SUBJECT::contains);
  }

  /** Rejects a token with malformed claims. Whether the tenant is registered is checked later. */
  public static OAuth2TokenValidator<Jwt> claims() {
    return jwt -> {
      Map<String, Object> claims = jwt.getClaims();
      if (!(claims.get(JwtClaimNames.SUB) instanceof String subject && isSubject(subject))) {
        return rejected("sub must have 1 to %d visible characters".formatted(LONGEST_SUBJECT));
      }
      if (!(claims.get(JwtClaimNames.EXP) instanceof Instant)) {
        return rejected("exp must be a time");
      }
      if (!(claims.get(ROLES) instanceof List<?> roles
          && roles.stream().allMatch(String.class::isInstance))) {
        return rejected("roles must be an array of strings");
      }
      Object tenant = claims.get(TENANT);
      return tenant == null || tenant instanceof String
          ? success()
          : rejected("tenant must be a string");
    };
  }

  /**
   * When the token of the current request expires; with an API key, in a minute.
   *
   * @throws AuthenticationCredentialsNotFoundException when the request has none
   */
  public static Instant expiryOfCurrent() {
    Instant expiry = current().getExpiresAt();
    if (expiry == null) {
      throw new AuthenticationCredentialsNotFoundException("no token that expires");
    }
    return expiry;
  }

  /**
   * The claims of the current request's token or API key.
   *
   * @throws AuthenticationCredentialsNotFoundException when the request has neither
   */
  public static Jwt current() {
    if (SecurityContextHolder.getContext().getAuthentication()
        instanceof JwtAuthenticationToken token) {
      return token.getToken();
    }
    throw new AuthenticationCredentialsNotFoundException("no token");
  }

  /** Whether they are an API key's. */
  public static boolean isApiKey(Jwt claims) {
    return API_KEY.equals(claims.getHeaders().get(TYPE));
  }

  /** Rejects a token without any of these audiences. */
  public static OAuth2TokenValidator<Jwt> audience(Collection<String> ours) {
    return jwt ->
        jwt.getClaims().get(JwtClaimNames.AUD) instanceof Collection<?> named
                && named.stream().anyMatch(one -> one instanceof String name && ours.contains(name))
            ? success()
            : rejected("aud must name this bank");
  }

  /** Converts roles to authorities. */
  public static Converter<Jwt, AbstractAuthenticationToken> authentication() {
    return jwt -> new JwtAuthenticationToken(jwt, authorities(jwt), jwt.getSubject());
  }

  /**
   * The token's tenant.
   *
   * @throws IllegalArgumentException when it is not a valid tenant id
   */
  static Optional<TenantId> tenant(Jwt jwt) {
    return Optional.ofNullable(jwt.getClaimAsString(TENANT)).map(TenantId::new);
  }

  /** The known roles of a token or API key. */
  public static Set<Role> roles(Jwt claims) {
    return claims.getClaims().get(ROLES) instanceof List<?> roles
        ? roles.stream()
            .flatMap(role -> Role.ofClaim(String.valueOf(role)).stream())
            .collect(toUnmodifiableSet())
        : Set.of();
  }

  private static Collection<GrantedAuthority> authorities(Jwt jwt) {
    return roles(jwt).stream().<GrantedAuthority>map(RoleAuthority::new).toList();
  }

  private static OAuth2TokenValidatorResult rejected(String why) {
    return failure(new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, why, null));
  }
}

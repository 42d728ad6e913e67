package io.kontor.web.security;

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
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** What Kontor reads in a verified token: {@code sub}, {@code tenant} and {@code roles}. */
public final class TokenClaims {
  public static final String TENANT = "tenant";
  public static final String ROLES = "roles";

  /** As long as OpenID Connect allows. */
  private static final int LONGEST_SUBJECT = 255;

  /** What a database, a log or a reader would not take as it stands. */
  private static final Set<Integer> NOT_IN_A_SUBJECT =
      Set.of(
          (int) Character.CONTROL,
          (int) Character.FORMAT,
          (int) Character.SURROGATE,
          (int) Character.LINE_SEPARATOR,
          (int) Character.PARAGRAPH_SEPARATOR,
          (int) Character.UNASSIGNED);

  private TokenClaims() {}

  /** Whether a caller can be called that: it has 1 to 255 characters, all of them visible. */
  public static boolean isSubject(String text) {
    return !text.isBlank()
        && text.codePointCount(0, text.length()) <= LONGEST_SUBJECT
        && text.codePoints().mapToObj(Character::getType).noneMatch(NOT_IN_A_SUBJECT::contains);
  }

  /**
   * Refuses a token whose claims are not what is read in them. Whether a tenant is known is seen
   * later: such a token is right and yet of no use here.
   */
  public static OAuth2TokenValidator<Jwt> claims() {
    return jwt -> {
      Map<String, Object> claims = jwt.getClaims();
      if (!(claims.get(JwtClaimNames.SUB) instanceof String subject && isSubject(subject))) {
        return refused("sub must have 1 to %d visible characters".formatted(LONGEST_SUBJECT));
      }
      if (!(claims.get(JwtClaimNames.EXP) instanceof Instant)) {
        return refused("exp must be a time");
      }
      if (!(claims.get(ROLES) instanceof List<?> roles
          && roles.stream().allMatch(String.class::isInstance))) {
        return refused("roles must be an array of strings");
      }
      Object tenant = claims.get(TENANT);
      return tenant == null || tenant instanceof String
          ? success()
          : refused("tenant must be a string");
    };
  }

  /** Refuses a token that is for none of these audiences. */
  public static OAuth2TokenValidator<Jwt> audience(Collection<String> ours) {
    return jwt ->
        jwt.getClaims().get(JwtClaimNames.AUD) instanceof Collection<?> named
                && named.stream().anyMatch(one -> one instanceof String name && ours.contains(name))
            ? success()
            : refused("aud must name this bank");
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
    return Optional.ofNullable(jwt.getClaimAsString(TENANT)).map(TenantId::new);
  }

  private static Collection<GrantedAuthority> authorities(Jwt jwt) {
    return jwt.getClaims().get(ROLES) instanceof List<?> roles
        ? roles.stream()
            .flatMap(role -> Role.ofClaim(String.valueOf(role)).stream())
            .<GrantedAuthority>map(RoleAuthority::new)
            .toList()
        : List.of();
  }

  private static OAuth2TokenValidatorResult refused(String why) {
    return failure(new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, why, null));
  }
}

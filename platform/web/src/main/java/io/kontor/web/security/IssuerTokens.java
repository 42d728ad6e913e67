package io.kontor.web.security;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/** The tokens of the issuer that is trusted. */
public final class IssuerTokens {
  private IssuerTokens() {}

  /**
   * Verifies a token's signature, times, issuer, audience and claims.
   *
   * @param jwt names the issuer or its keys, which are fetched with the first token, since the
   *     issuer may start after us
   */
  public static JwtDecoder decoder(OAuth2ResourceServerProperties.Jwt jwt) {
    return new CachingJwtDecoder(
        new SupplierJwtDecoder(
            () -> {
              NimbusJwtDecoder decoder =
                  (jwt.getJwkSetUri() == null
                          ? NimbusJwtDecoder.withIssuerLocation(jwt.getIssuerUri())
                          : NimbusJwtDecoder.withJwkSetUri(jwt.getJwkSetUri()))
                      .jwsAlgorithms(
                          allowed ->
                              jwt.getJwsAlgorithms().stream()
                                  .map(SignatureAlgorithm::from)
                                  .forEach(allowed::add))
                      .build();
              decoder.setJwtValidator(validator(jwt.getIssuerUri(), jwt.getAudiences()));
              return decoder;
            }));
  }

  private static OAuth2TokenValidator<Jwt> validator(
      @Nullable String issuer, @Nullable List<String> audiences) {
    Stream.Builder<OAuth2TokenValidator<Jwt>> validators = Stream.builder();
    validators.add(new JwtTimestampValidator()).add(TokenClaims.claims());
    if (issuer != null) {
      validators.add(new JwtIssuerValidator(issuer));
    }
    if (audiences != null && !audiences.isEmpty()) {
      validators.add(TokenClaims.audience(audiences));
    }
    return new DelegatingOAuth2TokenValidator<>(validators.build().toList());
  }
}

package io.kontor.notifications.web;

import io.kontor.web.security.ApiKey;
import io.kontor.web.security.HeaderBearerTokenResolver;
import io.kontor.web.security.TokenClaims;
import io.kontor.web.security.VerifiedApiKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Component;

/** The tokens and API keys of requests that open a stream. */
@Component
final class StreamTokens {
  private final HeaderBearerTokenResolver bearer = new HeaderBearerTokenResolver();
  private final JwtDecoder tokens;
  private final VerifiedApiKeys keys;

  StreamTokens(JwtDecoder tokens, VerifiedApiKeys keys) {
    this.tokens = tokens;
    this.keys = keys;
  }

  /** That of the current request. An API key's expiry is found out by verifying it. */
  StreamToken of(HttpServletRequest request) {
    String token = bearer.resolve(request);
    if (token == null) {
      throw new IllegalStateException("the request was admitted without a token");
    }
    String address = request.getRemoteAddr();
    return TokenClaims.isApiKey(TokenClaims.current())
        ? new StreamToken(Instant.MAX, () -> verifyKey(token, address))
        : new StreamToken(TokenClaims.expiryOfCurrent(), () -> tokens.decode(token));
  }

  private void verifyKey(String token, String address) {
    boolean isValid =
        ApiKey.parse(token)
            .flatMap(key -> keys.remembered(key).or(() -> keys.lookUp(key, address)))
            .isPresent();
    if (!isValid) {
      throw new BadJwtException("the API key is not valid any more");
    }
  }
}

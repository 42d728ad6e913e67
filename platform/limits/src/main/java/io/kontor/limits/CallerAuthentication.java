package io.kontor.limits;

import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.security.ApiKey;
import io.kontor.web.security.TokenClaims;
import io.kontor.web.security.VerifiedApiKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Verifies issuers' tokens and API keys. To look a key up costs a query, so an address may have as
 * many keys looked up at a time as it may send requests without a valid token, and those that turn
 * out to be invalid count. Requests of an address that bring the same key at the same time wait for
 * one look-up, and count as one meanwhile.
 */
final class CallerAuthentication implements AuthenticationManagerResolver<HttpServletRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(CallerAuthentication.class);

  private final AuthenticationManager tokens;
  private final VerifiedApiKeys keys;
  private final RateLimits limits;
  private final Map<KeyOfAddress, CompletableFuture<Optional<JwtAuthenticationToken>>> lookUps =
      new ConcurrentHashMap<>();

  CallerAuthentication(JwtDecoder decoder, VerifiedApiKeys keys, RateLimits limits) {
    var provider = new JwtAuthenticationProvider(decoder);
    provider.setJwtAuthenticationConverter(TokenClaims.authentication());
    this.tokens = new ProviderManager(provider);
    this.keys = keys;
    this.limits = limits;
  }

  /** An address is refused by its own limit, and never by that of another with the same key. */
  private record KeyOfAddress(ByteBuffer digest, String address) {}

  /** It can't be found out now whether the caller is who it says; the cause is the answer. */
  private static final class NotVerifiedException extends AuthenticationException {
    NotVerifiedException(ProblemException answer) {
      super(answer.detail(), answer);
    }
  }

  @Override
  public AuthenticationManager resolve(HttpServletRequest request) {
    return bearer ->
        bearer instanceof BearerTokenAuthenticationToken token && ApiKey.isMeantBy(token.getToken())
            ? holder(token.getToken(), request.getRemoteAddr())
            : issued(bearer);
  }

  private Authentication issued(Authentication bearer) {
    try {
      return tokens.authenticate(bearer);
    } catch (AuthenticationServiceException | JwtDecoderInitializationException away) {
      LOG.warn("token not verified cause=\"{}\"", away.getMessage());
      throw new NotVerifiedException(
          ProblemException.tryAgain(
              ProblemType.ISSUER_UNAVAILABLE,
              "the keys of the token's issuer can't be fetched; try again"));
    }
  }

  private JwtAuthenticationToken holder(String token, String address) {
    ApiKey key = ApiKey.parse(token).orElseThrow(CallerAuthentication::invalid);
    return keys.remembered(key).orElseGet(() -> lookedUp(key, address));
  }

  private JwtAuthenticationToken lookedUp(ApiKey key, String address) {
    try {
      return lookUpOnce(key, address).orElseThrow(CallerAuthentication::invalid);
    } catch (ProblemException answer) {
      throw new NotVerifiedException(answer);
    }
  }

  private Optional<JwtAuthenticationToken> lookUpOnce(ApiKey key, String address) {
    var wanted = new KeyOfAddress(ByteBuffer.wrap(key.digest()), address);
    var result = new CompletableFuture<Optional<JwtAuthenticationToken>>();
    var underWay = lookUps.putIfAbsent(wanted, result);
    if (underWay != null) {
      return resultOf(underWay);
    }
    try {
      result.complete(limits.countDuring(address, () -> keys.lookUp(key, address)));
    } catch (RuntimeException | Error failure) {
      result.completeExceptionally(failure);
    } finally {
      lookUps.remove(wanted, result);
    }
    return resultOf(result);
  }

  private static <R> R resultOf(CompletableFuture<R> lookUp) {
    try {
      return lookUp.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private static AuthenticationException invalid() {
    return new InvalidBearerTokenException("the API key is not valid");
  }
}

package io.kontor.web.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Caches verified tokens, since checking a signature costs as much as the rest of a request. Stores
 * digests, so that memory holds no usable token; an entry lives until the token expires and for a
 * minute at most, so that a withdrawn signing key takes effect soon; at most {@link #CAPACITY}
 * entries.
 */
public final class CachingJwtDecoder implements JwtDecoder {
  static final int CAPACITY = 10_000;
  static final Duration LONGEST = Duration.ofMinutes(1);

  private final JwtDecoder verifier;
  private final Cache<ByteBuffer, Jwt> verified;

  public CachingJwtDecoder(JwtDecoder verifier) {
    this(verifier, InstantSource.system(), Ticker.systemTicker());
  }

  CachingJwtDecoder(JwtDecoder verifier, InstantSource clock, Ticker ticker) {
    this.verifier = verifier;
    verified =
        Caffeine.newBuilder()
            .maximumSize(CAPACITY)
            .expireAfter(Expiry.creating((ByteBuffer key, Jwt jwt) -> lifetime(jwt, clock)))
            .ticker(ticker)
            .build();
  }

  @Override
  public Jwt decode(String token) {
    ByteBuffer digest = digest(token);
    Jwt known = verified.getIfPresent(digest);
    if (known != null) {
      return known;
    }
    Jwt jwt = verifier.decode(token);
    verified.put(digest, jwt);
    return jwt;
  }

  long size() {
    verified.cleanUp();
    return verified.estimatedSize();
  }

  private static Duration lifetime(Jwt jwt, InstantSource clock) {
    Instant end = jwt.getExpiresAt();
    if (end == null) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), end);
    return left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }

  private static ByteBuffer digest(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

package io.kontor.web.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.kontor.web.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * API keys, each looked up again after {@link #REMEMBERED}: so a key that is revoked on one node is
 * refused by all others and by gateways after that time at the latest, without a message between
 * them that could be lost.
 */
public final class VerifiedApiKeys {
  public static final Duration REMEMBERED = Duration.ofSeconds(5);

  /** Some hundred bytes each. */
  private static final int CAPACITY = 10_000;

  private final ApiKeyLookup lookup;
  private final InstantSource clock;
  private final Cache<ByteBuffer, ApiKeyHolder> holders;

  public VerifiedApiKeys(ApiKeyLookup lookup, InstantSource clock) {
    this(lookup, clock, Ticker.systemTicker());
  }

  VerifiedApiKeys(ApiKeyLookup lookup, InstantSource clock, Ticker ticker) {
    this.lookup = lookup;
    this.clock = clock;
    this.holders =
        Caffeine.newBuilder()
            .maximumSize(CAPACITY)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .build();
  }

  /** Who sends a key that was looked up a moment ago; empty when it has to be looked up. */
  public Optional<JwtAuthenticationToken> remembered(ApiKey key) {
    return authenticated(Optional.ofNullable(holders.getIfPresent(digest(key))));
  }

  /**
   * Looks a key up; empty when it is not valid.
   *
   * @param address the IP address of the client that sent it
   * @throws ProblemException when it can't be looked up now
   */
  public Optional<JwtAuthenticationToken> lookUp(ApiKey key, String address) {
    Optional<ApiKeyHolder> found = lookup.find(key, address);
    found.ifPresent(holder -> holders.put(digest(key), holder));
    return authenticated(found);
  }

  /** Has this process look the key up before it is accepted again. */
  public void forget(UUID key) {
    holders.asMap().values().removeIf(holder -> holder.key().equals(key));
  }

  private Optional<JwtAuthenticationToken> authenticated(Optional<ApiKeyHolder> found) {
    Instant now = clock.instant();
    return found
        .filter(holder -> holder.expiresAt().isAfter(now))
        .map(holder -> holder.authentication(now));
  }

  private static ByteBuffer digest(ApiKey key) {
    return ByteBuffer.wrap(key.digest());
  }
}

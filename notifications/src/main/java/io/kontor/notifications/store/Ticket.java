package io.kontor.notifications.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.eventstore.event.Sha256;
import io.kontor.personaldata.AesGcm;
import io.kontor.personaldata.HmacSha256;
import io.kontor.tenancy.TenantId;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a token where a client can't send one: the tenant's id, a dot, and 32 secret bytes.
 * What is stored of it are a digest, which does not show the ticket, and the token, sealed under a
 * key that only the ticket leads to.
 */
public final class Ticket {
  private static final int SECRET_BYTES = 32;

  private final TenantId tenant;
  private final byte[] secret;

  private Ticket(TenantId tenant, byte[] secret) {
    this.tenant = tenant;
    this.secret = secret;
  }

  /**
   * A ticket for a token.
   *
   * @param key the request's idempotency key: with the same token it leads to the same ticket; null
   *     for a new one
   */
  public static Ticket of(TenantId tenant, String token, @Nullable String key) {
    return new Ticket(
        tenant,
        key == null
            ? AesGcm.random(SECRET_BYTES)
            : HmacSha256.of(token.getBytes(UTF_8), "notification ticket " + key));
  }

  /** The ticket that a client has sent; none if it has another form. */
  public static Optional<Ticket> parse(String text) {
    int dot = text.indexOf('.');
    try {
      byte[] secret = Base64.getUrlDecoder().decode(text.substring(dot + 1));
      return dot > 0 && secret.length == SECRET_BYTES
          ? Optional.of(new Ticket(new TenantId(text.substring(0, dot)), secret))
          : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** What the client sends. */
  public String text() {
    return tenant + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** As the client says; only its row proves it. */
  TenantId tenant() {
    return tenant;
  }

  byte[] digest() {
    return Sha256.of(secret).bytes();
  }

  byte[] seal(String token) {
    return AesGcm.seal(key(), token.getBytes(UTF_8), tenant.value().getBytes(UTF_8));
  }

  String open(byte[] sealed) {
    return new String(AesGcm.open(key(), sealed, tenant.value().getBytes(UTF_8)), UTF_8);
  }

  private SecretKey key() {
    return AesGcm.key(HmacSha256.of(secret, "token"));
  }
}

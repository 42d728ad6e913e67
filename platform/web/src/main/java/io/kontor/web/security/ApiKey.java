package io.kontor.web.security;

import io.kontor.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key with which a machine calls the API, in place of an issuer's token: {@code
 * kontor_<tenant>_<id>_<secret>}. It names its tenant, so that it is looked up among the rows of
 * that tenant alone.
 */
public final class ApiKey {
  private static final String PREFIX = "kontor_";
  private static final Pattern FORM =
      Pattern.compile(PREFIX + "([a-z][a-z0-9-]{1,38})_([0-9a-f]{32})_[A-Za-z0-9_-]{43}");
  private static final int SECRET_BYTES = 32;
  private static final int HALF_OF_AN_ID = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TenantId tenant;
  private final UUID id;
  private final String text;
  private final byte[] digest;

  private ApiKey(TenantId tenant, UUID id, String text) {
    this.tenant = tenant;
    this.id = id;
    this.text = text;
    this.digest = sha256(text);
  }

  /** A new key with a secret of 256 random bits. */
  public static ApiKey create(TenantId tenant, UUID id) {
    var secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new ApiKey(tenant, id, PREFIX + tenant + "_" + hex(id) + "_" + encoded);
  }

  /** Whether a bearer token is meant to be an API key; an issuer's token never begins like one. */
  public static boolean isMeantBy(String token) {
    return token.startsWith(PREFIX);
  }

  /** The key in a bearer token; empty when it has not the form of one. */
  public static Optional<ApiKey> parse(String token) {
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      return Optional.empty();
    }
    String hex = form.group(2);
    var id =
        new UUID(
            HexFormat.fromHexDigitsToLong(hex, 0, HALF_OF_AN_ID),
            HexFormat.fromHexDigitsToLong(hex, HALF_OF_AN_ID, hex.length()));
    return Optional.of(new ApiKey(new TenantId(form.group(1)), id, token));
  }

  public TenantId tenant() {
    return tenant;
  }

  public UUID id() {
    return id;
  }

  /** The whole key in the clear, for its owner. */
  public String reveal() {
    return text;
  }

  /**
   * What is stored of it: SHA-256 of the whole text, so no part of it can be exchanged. A slow hash
   * would add nothing, since 256 random bits are not guessed.
   */
  public byte[] digest() {
    return digest.clone();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether it is the key of which that digest is stored, compared in constant time. */
  public boolean matches(byte[] storedDigest) {
    return MessageDigest.isEqual(storedDigest, digest);
  }

  private static String hex(UUID id) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(id.getMostSignificantBits())
        + hex.toHexDigits(id.getLeastSignificantBits());
  }

  /** Does not contain the secret. */
  @Override
  public String toString() {
    return PREFIX + tenant + "_" + hex(id);
  }
}

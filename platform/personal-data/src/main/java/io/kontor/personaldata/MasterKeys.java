package io.kontor.personaldata;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;

/**
 * The keys that encrypt the subjects' keys. They are kept outside the database, so that a copy of
 * the database alone reveals no personal data. New keys are wrapped by the current one; former ones
 * still unwrap what they wrapped.
 */
public final class MasterKeys {
  /** The file of a data folder that has the master key, unless one is configured. */
  public static final String FILE = "master-key";

  private static final int ID_BYTES = 4;
  private static final int DIGEST_BYTES = 16;
  private static final String DIGESTS = "digests of names";

  private final Map<String, SecretKey> keys = new LinkedHashMap<>();
  private final String current;

  private MasterKeys(List<byte[]> newestFirst) {
    for (byte[] key : newestFirst) {
      keys.put(idOf(key), AesGcm.key(key));
    }
    current = keys.keySet().iterator().next();
  }

  /**
   * @param current base64 of 32 bytes
   * @param former keys that were current before, likewise
   * @throws IllegalArgumentException when one has another form
   */
  public static MasterKeys of(String current, List<String> former) {
    List<byte[]> keys = new ArrayList<>();
    keys.add(decode(current));
    former.forEach(key -> keys.add(decode(key)));
    return new MasterKeys(keys);
  }

  /** A new master key in the format of {@link #of}. */
  public static String generate() {
    return Base64.getEncoder().encodeToString(AesGcm.random(AesGcm.KEY_BYTES));
  }

  /** The id of the key that {@link #wrap} uses. */
  String current() {
    return current;
  }

  byte[] wrap(SecretKey key, String belongsTo) {
    return AesGcm.seal(master(current), key.getEncoded(), belongsTo.getBytes(UTF_8));
  }

  /**
   * @throws IllegalStateException when that master key is not configured, or did not wrap this key
   */
  SecretKey unwrap(String master, byte[] wrapped, String belongsTo) {
    return AesGcm.key(AesGcm.open(master(master), wrapped, belongsTo.getBytes(UTF_8)));
  }

  /** A digest that can't be made without the current master key. */
  byte[] digest(String text) {
    return digest(master(current), text);
  }

  /** The digests of a text that {@link #digest} has made, with the current key or a former one. */
  List<byte[]> digests(String text) {
    return keys.values().stream().map(key -> digest(key, text)).toList();
  }

  /** The master key itself encrypts; what makes digests is derived from it. */
  private static byte[] digest(SecretKey master, String text) {
    byte[] derived = HmacSha256.of(master.getEncoded(), DIGESTS);
    return Arrays.copyOf(HmacSha256.of(derived, text), DIGEST_BYTES);
  }

  private SecretKey master(String id) {
    SecretKey master = keys.get(id);
    if (master == null) {
      throw new IllegalStateException(
          "personal data was sealed under master key %s, which is not configured".formatted(id));
    }
    return master;
  }

  private static byte[] decode(String key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(key.strip());
      if (bytes.length == AesGcm.KEY_BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      // reported below
    }
    throw new IllegalArgumentException("a master key is the base64 of 32 random bytes");
  }

  private static String idOf(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

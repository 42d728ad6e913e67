package io.kontor.personaldata;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM (NIST SP 800-38D): a random 96-bit IV, then the ciphertext and a 128-bit tag. */
public final class AesGcm {
  static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private AesGcm() {}

  static SecretKey newKey() {
    return key(random(KEY_BYTES));
  }

  /** A key of 32 bytes. */
  public static SecretKey key(byte[] bytes) {
    return new SecretKeySpec(bytes, "AES");
  }

  /** Bytes that can't be guessed. */
  public static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /**
   * Encrypts a text.
   *
   * @param context additional authenticated data; opening needs the same
   */
  public static byte[] seal(SecretKey key, byte[] text, byte[] context) {
    byte[] iv = random(IV_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv, context);
      return ByteBuffer.allocate(IV_BYTES + cipher.getOutputSize(text.length))
          .put(iv)
          .put(cipher.doFinal(text))
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("could not be encrypted", e);
    }
  }

  /**
   * Decrypts what was sealed.
   *
   * @throws IllegalStateException when key or context differ, or the bytes were changed
   */
  public static byte[] open(SecretKey key, byte[] sealed, byte[] context) {
    if (sealed.length < IV_BYTES) {
      throw new IllegalStateException("too short to have been encrypted");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, key, sealed, context)
          .doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("was encrypted otherwise, or changed since", e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] iv, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv, 0, IV_BYTES));
    cipher.updateAAD(context);
    return cipher;
  }
}

package io.kontor.eventstore.event;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256 digest; equal by value. */
public final class Sha256 {
  /** How many bytes it has. */
  public static final int LENGTH = 32;

  private static final MessageDigest EMPTY = newDigest();

  private final byte[] bytes;

  private Sha256(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + bytes.length);
    }
    this.bytes = bytes;
  }

  /** The digest of the bytes added to {@code digest}. */
  public static Sha256 of(MessageDigest digest) {
    return new Sha256(digest.digest());
  }

  /** The digest of some bytes. */
  public static Sha256 of(byte[] content) {
    return new Sha256(start().digest(content));
  }

  /** A digest from its stored bytes. */
  public static Sha256 stored(byte[] bytes) {
    return new Sha256(bytes);
  }

  /**
   * Parses a digest.
   *
   * @throws IllegalArgumentException when it is not 64 hexadecimal digits
   */
  public static Sha256 parse(String hex) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException("a SHA-256 digest is 64 hexadecimal digits");
    }
    return new Sha256(HexFormat.of().parseHex(hex));
  }

  /** An empty digest to add to; cloning one is cheaper than a provider lookup. */
  public static MessageDigest start() {
    try {
      return (MessageDigest) EMPTY.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The bytes themselves, not a copy: do not change them. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sha256 digest && Arrays.equals(bytes, digest.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

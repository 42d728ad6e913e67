package io.kontor.console.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * Cookies that only nodes with the secret can read and write, by AES-256-GCM. All that a session
 * has is in them, so a request may be answered by any node.
 */
public final class SealedCookies {
  /** Browsers keep at least this many bytes of a cookie (RFC 6265, 6.1). */
  private static final int LONGEST = 4_000;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;
  private final boolean secure;

  /**
   * @param secure whether browsers keep them for HTTPS only
   */
  public SealedCookies(String secret, boolean secure) {
    this.key = new SecretKeySpec(sha256(secret), "AES");
    this.secure = secure;
  }

  /** A cookie's name: with the prefix, browsers accept it from this host alone (RFC 6265bis). */
  String name(String name) {
    return (secure ? "__Host-" : "") + "kontor-" + name;
  }

  boolean areSecure() {
    return secure;
  }

  /**
   * Has the browser keep a text until it is closed, or for a time.
   *
   * @throws IllegalArgumentException when browsers would not keep a text of that length
   */
  void write(HttpServletResponse response, String name, String text, @Nullable Duration lifetime) {
    String sealed = seal(name, text);
    if (sealed.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a cookie of %d characters is more than browsers keep".formatted(sealed.length()));
    }
    add(response, name, sealed, lifetime == null ? Duration.ofSeconds(-1) : lifetime);
  }

  /** The text that {@link #write} sealed under this name; null when there is none. */
  @Nullable String read(HttpServletRequest request, String name) {
    Cookie cookie = WebUtils.getCookie(request, name(name));
    return cookie == null ? null : open(name, cookie.getValue());
  }

  /** Has the browser forget the cookie. */
  void forget(HttpServletResponse response, String name) {
    add(response, name, "", Duration.ZERO);
  }

  private void add(HttpServletResponse response, String name, String value, Duration lifetime) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(name(name), value)
            .path("/")
            .httpOnly(true)
            .secure(secure)
            // Not Strict, with which a link from a mail would lead to the sign-in.
            .sameSite("Lax")
            .maxAge(lifetime)
            .build()
            .toString());
  }

  private String seal(String name, String text) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(text.getBytes(UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable String open(String name, String value) {
    try {
      ByteBuffer sealed = ByteBuffer.wrap(Base64.getUrlDecoder().decode(value));
      if (sealed.remaining() < NONCE_BYTES) {
        return null;
      }
      byte[] nonce = new byte[NONCE_BYTES];
      sealed.get(nonce);
      byte[] text = new byte[sealed.remaining()];
      sealed.get(text);
      return new String(cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(text), UTF_8);
    } catch (IllegalArgumentException | GeneralSecurityException forged) {
      return null;
    }
  }

  /** A text sealed under one name can't be opened under another. */
  private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(UTF_8));
    return cipher;
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

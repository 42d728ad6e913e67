package io.kontor.console.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.personaldata.AesGcm;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.SecretKey;
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

  private final SecretKey key;
  private final boolean secure;

  /**
   * @param secure whether browsers keep them for HTTPS only
   */
  public SealedCookies(String secret, boolean secure) {
    this.key = AesGcm.key(sha256(secret));
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

  /** A text sealed under one name can't be opened under another. */
  private String seal(String name, String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(AesGcm.seal(key, text.getBytes(UTF_8), name.getBytes(UTF_8)));
  }

  private @Nullable String open(String name, String value) {
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(value);
      return new String(AesGcm.open(key, sealed, name.getBytes(UTF_8)), UTF_8);
    } catch (IllegalArgumentException | IllegalStateException forged) {
      return null;
    }
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

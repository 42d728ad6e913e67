package io.kontor.web.paging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.web.problem.ProblemException;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The start of a list's next page, opaque to clients. */
public final class Cursor {
  private static final int LONGEST = 512;

  private Cursor() {}

  /** Encodes a compact form of the position in the list. */
  public static String encode(String place) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(UTF_8));
  }

  /**
   * The position that {@link #encode} encoded.
   *
   * @throws ProblemException when it is not a cursor
   */
  public static String decode(String cursor) {
    if (cursor.length() > LONGEST) {
      throw malformed();
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  /**
   * The position as parsed by {@code parse}, or null without a cursor.
   *
   * @throws ProblemException when it is not a cursor, or {@code parse} throws
   */
  public static <T> @Nullable T decode(@Nullable String cursor, Function<String, T> parse) {
    if (cursor == null) {
      return null;
    }
    String place = decode(cursor);
    try {
      return parse.apply(place);
    } catch (RuntimeException e) {
      throw malformed();
    }
  }

  /** The problem for a cursor that this server did not issue. */
  public static ProblemException malformed() {
    return ProblemException.invalid("cursor", "is not a cursor of this list");
  }
}

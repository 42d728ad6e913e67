package io.kontor.web.paging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.web.problem.ProblemException;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a list goes on, opaque to clients. */
public final class Cursor {
  private static final int LONGEST = 512;

  private Cursor() {}

  /** Hides a compact form of the place. */
  public static String encode(String place) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(UTF_8));
  }

  /**
   * The place that {@link #encode} hid.
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
   * The place as {@code parse} reads it, or null without a cursor.
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

  /** The answer to a cursor that was not given out here. */
  public static ProblemException malformed() {
    return ProblemException.invalid("cursor", "is not a cursor of this list");
  }
}

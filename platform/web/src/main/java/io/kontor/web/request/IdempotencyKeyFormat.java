package io.kontor.web.request;

import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** The format of idempotency keys. */
public final class IdempotencyKeyFormat {
  private static final int LONGEST = 255;

  private IdempotencyKeyFormat() {}

  /** Whether it has 1 to 255 printable ASCII characters. */
  public static boolean isKey(String text) {
    boolean isPrintable = !text.isEmpty() && text.length() <= LONGEST;
    for (int i = 0; isPrintable && i < text.length(); i++) {
      isPrintable = text.charAt(i) >= ' ' && text.charAt(i) <= '~';
    }
    return isPrintable;
  }

  /**
   * Checks the format of a key, if there is one.
   *
   * @throws ProblemException (400) when it is malformed
   */
  public static void requireForm(@Nullable String key) {
    if (key != null && !isKey(key)) {
      throw ProblemException.invalid(
          KontorHeaders.IDEMPOTENCY_KEY, "must be 1 to 255 printable ASCII characters");
    }
  }

  /** 422: the key was used for another request. */
  public static ProblemException reused() {
    return new ProblemException(
        ProblemType.IDEMPOTENCY_KEY_REUSE, "this idempotency key was used for another request");
  }
}

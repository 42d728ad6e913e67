package io.kontor.web.paging;

import io.kontor.web.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** How many items of a list to answer. */
public final class PageLimit {
  public static final int DEFAULT = 50;
  public static final int MOST = 200;

  private PageLimit() {}

  /**
   * The number asked for, or the default.
   *
   * @throws ProblemException when it is not between 1 and {@link #MOST}
   */
  public static int of(@Nullable Integer asked) {
    if (asked == null) {
      return DEFAULT;
    }
    if (asked < 1 || asked > MOST) {
      throw ProblemException.invalid("limit", "must be between 1 and " + MOST);
    }
    return asked;
  }
}

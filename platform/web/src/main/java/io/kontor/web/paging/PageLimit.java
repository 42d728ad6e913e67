package io.kontor.web.paging;

import io.kontor.web.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The page size of a list. */
public final class PageLimit {
  public static final int DEFAULT = 50;
  public static final int MOST = 200;

  private PageLimit() {}

  /**
   * The requested size, or the default.
   *
   * @throws ProblemException when it is not between 1 and {@link #MOST}
   */
  public static int of(@Nullable Integer requested) {
    if (requested == null) {
      return DEFAULT;
    }
    if (requested < 1 || requested > MOST) {
      throw ProblemException.invalid("limit", "must be between 1 and " + MOST);
    }
    return requested;
  }
}

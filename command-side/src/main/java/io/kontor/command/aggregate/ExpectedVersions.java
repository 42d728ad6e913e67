package io.kontor.command.aggregate;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import org.jspecify.annotations.Nullable;

/** Checks the stream version that a caller expects. */
public final class ExpectedVersions {
  private ExpectedVersions() {}

  /**
   * @param expected null accepts any version
   * @param actual null when the aggregate is new
   * @throws RejectedException when the versions differ
   */
  public static void require(@Nullable Number expected, @Nullable Long actual) {
    if (expected != null && actual != null && expected.longValue() != actual) {
      throw new RejectedException(new Rejection.VersionMismatch(expected.longValue(), actual));
    }
  }
}

package io.kontor.command;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import org.jspecify.annotations.Nullable;

/** The version that whoever sends a command may name as the one it was decided on. */
public final class ExpectedVersions {
  private ExpectedVersions() {}

  /**
   * @param expected none, when null: any will do
   * @param actual none, when null: the aggregate is new
   * @throws RejectedException when it is another
   */
  public static void require(@Nullable Number expected, @Nullable Long actual) {
    if (expected != null && actual != null && expected.longValue() != actual) {
      throw new RejectedException(new Rejection.VersionMismatch(expected.longValue(), actual));
    }
  }
}

package io.kontor.command;

import io.kontor.api.Rejected;
import io.kontor.api.Rejection;
import org.jspecify.annotations.Nullable;

/** The version that whoever sends a command may name as the one it was decided on. */
public final class Versions {
  private Versions() {}

  /**
   * @param expected none, when null: any will do
   * @param actual none, when null: the aggregate is new
   * @throws Rejected when it is another
   */
  public static void require(@Nullable Number expected, @Nullable Long actual) {
    if (expected != null && actual != null && expected.longValue() != actual) {
      throw new Rejected(new Rejection.VersionMismatch(expected.longValue(), actual));
    }
  }
}

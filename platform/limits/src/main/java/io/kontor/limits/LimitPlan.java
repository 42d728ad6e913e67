package io.kontor.limits;

/**
 * Limits of one tenant in place of those in the settings. Reads and writes are counted apart, each
 * with these numbers.
 *
 * @param tenantPerMinute requests of all its users, 1 or more
 * @param userPerMinute requests of each of its users, 1 or more
 */
public record LimitPlan(int tenantPerMinute, int userPerMinute) {
  /** The most that a plan allows. */
  public static final int MOST = 1_000_000_000;

  /**
   * @throws IllegalArgumentException when a number is not 1 to {@link #MOST}
   */
  public LimitPlan {
    requireInRange("tenantPerMinute", tenantPerMinute);
    requireInRange("userPerMinute", userPerMinute);
  }

  private static void requireInRange(String name, int value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException("%s: must be 1 to %d".formatted(name, MOST));
    }
  }
}

package io.kontor.resilience;

import java.time.Duration;

/**
 * How long to pause between tries of what keeps failing: twice as long each time.
 *
 * @param first the pause after the first failure
 * @param longest no pause is longer
 */
public record ExponentialBackoff(Duration first, Duration longest) {
  /**
   * @throws IllegalArgumentException when {@code first} is not more than zero, or longer than
   *     {@code longest}
   */
  public ExponentialBackoff {
    if (!first.isPositive() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "the first pause must be more than zero and at most the longest: %s, %s"
              .formatted(first, longest));
    }
  }

  /**
   * The pause after so many failures in a row.
   *
   * @param failures the last one included
   */
  public Duration after(int failures) {
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}

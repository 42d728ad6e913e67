package io.kontor.httpclient;

import java.time.Duration;

/**
 * Pause between retries: doubles with each failure.
 *
 * @param first the pause after the first failure
 * @param longest the upper limit of a pause
 */
public record ExponentialBackoff(Duration first, Duration longest) {
  /**
   * @throws IllegalArgumentException when {@code first} is not positive, or longer than {@code
   *     longest}
   */
  public ExponentialBackoff {
    if (!first.isPositive() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "the first pause must be more than zero and at most the longest: %s, %s"
              .formatted(first, longest));
    }
  }

  /**
   * The pause after a number of failures in a row.
   *
   * @param failures including the last one
   */
  public Duration after(int failures) {
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}

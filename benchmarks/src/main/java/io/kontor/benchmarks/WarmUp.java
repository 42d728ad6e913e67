package io.kontor.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Loads in slices until the rate is steady, for a limited time. */
final class WarmUp {
  private static final int LAST = 3;
  private static final double SPREAD = 0.05;

  private WarmUp() {}

  /** Returns how it ended, as a short text. */
  static String run(Load load, Duration slice, Duration limit) throws Exception {
    if (limit.isZero()) {
      return "no warm-up";
    }
    List<Double> rates = new ArrayList<>();
    long begun = System.nanoTime();
    long end = begun + limit.toNanos();
    System.err.printf("bench:   warming up for %d s at most ...%n", limit.toSeconds());
    while (System.nanoTime() < end && !isSteady(rates)) {
      load.beforeSlice();
      rates.add(load.run(slice, 0).perSecond());
    }
    String ended =
        String.format(
            Locale.ROOT,
            "%s after %d s of warm-up",
            isSteady(rates) ? "steady" : "not steady",
            (System.nanoTime() - begun) / 1_000_000_000);
    System.err.println("bench:   " + ended);
    return ended;
  }

  /**
   * Whether the last three rates are within 5 % of the highest of them, and no more than that above
   * the three before: a rate that climbs slowly is not steady.
   */
  static boolean isSteady(List<Double> rates) {
    if (rates.size() < 2 * LAST) {
      return false;
    }
    List<Double> last = rates.subList(rates.size() - LAST, rates.size());
    List<Double> before = rates.subList(rates.size() - 2 * LAST, rates.size() - LAST);
    double highest = Collections.max(last);
    return highest - Collections.min(last) <= SPREAD * highest
        && sum(last) <= (1 + SPREAD) * sum(before);
  }

  private static double sum(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue).sum();
  }
}

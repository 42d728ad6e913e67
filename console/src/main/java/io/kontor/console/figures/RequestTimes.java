package io.kontor.console.figures;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many requests took at most how long.
 *
 * @param upTo requests by their longest time in milliseconds, each with all that were faster
 * @param total all requests, also those that took longer than any of these times
 */
record RequestTimes(Map<Double, Double> upTo, long total) {
  static RequestTimes of(Collection<Timer> timers) {
    Map<Double, Double> upTo = new TreeMap<>();
    long total = 0;
    for (Timer timer : timers) {
      total += timer.count();
      for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
        double longest = bucket.bucket(TimeUnit.MILLISECONDS);
        if (Double.isFinite(longest)) {
          upTo.merge(longest, bucket.count(), Double::sum);
        }
      }
    }
    return new RequestTimes(upTo, total);
  }

  /** Those that came after {@code earlier}. */
  RequestTimes since(RequestTimes earlier) {
    Map<Double, Double> later = new TreeMap<>();
    upTo.forEach(
        (longest, count) -> later.put(longest, count - earlier.upTo.getOrDefault(longest, 0.0)));
    return new RequestTimes(later, total - earlier.total);
  }

  /**
   * The time within which a share of the requests was served, in milliseconds, interpolated between
   * the times that are counted; the longest of these at most, and null without requests.
   */
  @Nullable Double within(double share) {
    double wanted = share * total;
    double fasterThan = 0;
    double faster = 0;
    for (var counted : upTo.entrySet()) {
      if (counted.getValue() >= wanted && counted.getValue() > faster) {
        double part = (wanted - faster) / (counted.getValue() - faster);
        return fasterThan + part * (counted.getKey() - fasterThan);
      }
      fasterThan = counted.getKey();
      faster = counted.getValue();
    }
    return total == 0 || upTo.isEmpty() ? null : fasterThan;
  }
}

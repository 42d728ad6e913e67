package io.kontor.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures two loads in alternating slices, so that whatever slows the machine meets both.
 *
 * @param count slices of each
 * @param slice the time of one
 * @param warmUpLimit the time of a load's warm-up at most
 */
record Turns(int count, Duration slice, Duration warmUpLimit) {
  private static final Duration REST = Duration.ofMillis(300);
  private static final int REST_ATTEMPTS = 20;

  /** A load's result with its ratio to the other, and the other's. */
  record Comparison(Result one, Result other) {}

  Comparison compare(Load one, Load other) throws Exception {
    var first = new Samples(WarmUp.run(one, slice, warmUpLimit));
    var second = new Samples(WarmUp.run(other, slice, warmUpLimit));
    List<Double> ratios = new ArrayList<>();
    for (int turn = 1; turn <= count; turn++) {
      // Who begins changes, so that a steady drift of the machine's speed cancels out.
      if (turn % 2 == 1) {
        first.add(one);
        second.add(other);
      } else {
        second.add(other);
        first.add(one);
      }
      ratios.add(first.lastRate() / second.lastRate());
      System.err.printf(
          Locale.ROOT,
          "bench:   turn %d of %d: %.0f/s to %.0f/s, %.2f%n",
          turn,
          count,
          first.lastRate(),
          second.lastRate(),
          ratios.getLast());
    }
    return new Comparison(first.result().with(Ratio.of(ratios)), second.result());
  }

  /** The same slices of one load alone. */
  Result alone(Load load) throws Exception {
    var samples = new Samples(WarmUp.run(load, slice, warmUpLimit));
    for (int turn = 1; turn <= count; turn++) {
      samples.add(load);
      System.err.printf(
          Locale.ROOT, "bench:   slice %d of %d: %.0f/s%n", turn, count, samples.lastRate());
    }
    return samples.result();
  }

  /** The slices of one load. */
  private final class Samples {
    private final String warmUp;
    private final List<Double> rates = new ArrayList<>();
    private @Nullable Histogram nanos;
    private long operations;
    private double cpuMillis;
    private boolean isCpuKnown = true;

    Samples(String warmUp) {
      this.warmUp = warmUp;
    }

    double lastRate() {
      return rates.getLast();
    }

    void add(Load load) throws Exception {
      load.beforeSlice();
      OptionalDouble before = load.processes().millis();
      Slice full = load.run(slice, 0);
      awaitRest(load.processes());
      OptionalDouble after = load.processes().millis();
      isCpuKnown &= before.isPresent() && after.isPresent();
      cpuMillis += after.orElse(0) - before.orElse(0);
      operations += full.operations();
      rates.add(full.perSecond());
      Histogram timed = full.nanos();
      if (load.isTimedAtHalfRate()) {
        load.beforeSlice();
        timed = load.run(slice, full.perSecond() / 2).nanos();
        awaitRest(load.processes());
      }
      if (nanos == null) {
        nanos = timed;
      } else {
        nanos.add(timed);
      }
    }

    Result result() {
      double perSecond = rates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      return Result.of(perSecond, nanos == null ? new Histogram(3) : nanos)
          .withCpu(isCpuKnown && operations > 0 ? cpuMillis / operations : null)
          .noting(warmUp);
    }
  }

  /** What follows from the slice's operations belongs to them, and must not disturb the next. */
  private static void awaitRest(ProcessTime processes) throws InterruptedException {
    for (int n = 0; n < REST_ATTEMPTS && !processes.isAtRest(REST); n++) {
      // looks again
    }
  }
}

package io.kontor.benchmarks;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Records the lag of the read models during a measurement, and the time to catch up after it. */
final class ReadModelLagRecorder {
  private ReadModelLagRecorder() {}

  static Measurement.Result during(BenchmarkBank bank, Callable<Measurement.Result> load)
      throws Exception {
    var over = new AtomicBoolean();
    Measurement.Result result;
    try (var threads = Executors.newSingleThreadExecutor()) {
      Future<Long> probe = threads.submit(() -> worst(bank, over));
      try {
        result = load.call();
      } finally {
        over.set(true);
      }
      long end = System.nanoTime();
      bank.catchUp();
      long after = System.nanoTime() - end;
      long worst = worst(probe);
      return result.noting(
          "%s%sread models at most %d ms behind, and for %d ms after"
              .formatted(
                  result.note(),
                  result.note().isEmpty() ? "" : "; ",
                  TimeUnit.NANOSECONDS.toMillis(worst),
                  TimeUnit.NANOSECONDS.toMillis(after)));
    }
  }

  private static long worst(Future<Long> probe) throws InterruptedException {
    try {
      return probe.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The longest time until every read model reached the head of the store. */
  private static long worst(BenchmarkBank bank, AtomicBoolean over) {
    long worst = 0;
    while (!over.get()) {
      long start = System.nanoTime();
      bank.catchUp();
      worst = Math.max(worst, System.nanoTime() - start);
    }
    return worst;
  }
}

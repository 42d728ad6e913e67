package io.kontor.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/** Runs a call from many callers for a time and records rate and latency. */
final class Measurement {
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** One call of one caller; {@code caller} and {@code call} count from zero. */
  interface Call {
    /** Returns the number of operations in the call, without failed ones. */
    int run(int caller, long call) throws Exception;
  }

  private Measurement() {}

  /** Each caller sends its next call at once. */
  static Slice closedLoop(int callers, Duration time, Call call)
      throws InterruptedException, ExecutionException {
    return run(callers, time, 0, call);
  }

  /** Calls at a fixed rate; the latency of a late call counts from its due time. */
  static Slice openLoop(int callers, Duration time, double perSecond, Call call)
      throws InterruptedException, ExecutionException {
    return run(callers, time, perSecond, call);
  }

  /**
   * @param perSecond 0 for a closed loop
   */
  static Slice run(int callers, Duration time, double perSecond, Call call)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long until = start + time.toNanos();
    var operations = new AtomicLong();
    var nanos = new ConcurrentHistogram(HIGHEST_NANOS, 3);
    double interval = perSecond == 0 ? 0 : callers * 1e9 / perSecond;
    try (var threads = Executors.newCachedThreadPool();
        var progress = new BenchmarkProgress(operations, time)) {
      progress.start();
      List<Future<?>> futures = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        int self = caller;
        futures.add(
            threads.submit(
                () -> {
                  for (long n = 0; System.nanoTime() < until; n++) {
                    long due = start + (long) (interval * (n + (double) self / callers));
                    long wait = due - System.nanoTime();
                    if (interval > 0 && wait > 0) {
                      TimeUnit.NANOSECONDS.sleep(wait);
                    }
                    long begun = interval > 0 ? due : System.nanoTime();
                    int operationsDone = call.run(self, n);
                    long end = System.nanoTime();
                    operations.addAndGet(operationsDone);
                    nanos.recordValue(Math.min(end - begun, HIGHEST_NANOS));
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Slice(operations.get() / seconds, operations.get(), nanos);
  }
}

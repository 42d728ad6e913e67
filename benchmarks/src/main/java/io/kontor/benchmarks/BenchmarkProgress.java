package io.kontor.benchmarks;

import io.kontor.app.cli.ProgressBar;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Prints the rate and the elapsed time of a row every few seconds. */
final class BenchmarkProgress implements AutoCloseable {
  private static final int EVERY_SECONDS = 5;

  private static final PrintWriter ERRORS =
      new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);

  private final AtomicLong operations;
  private final Duration whole;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private long seen;

  BenchmarkProgress(AtomicLong operations, Duration whole) {
    this.operations = operations;
    this.whole = whole;
  }

  /** The progress of a preparation. */
  static ProgressBar bar(String what, long total) {
    return new ProgressBar(ERRORS, what, total);
  }

  void start() {
    var _ = clock.scheduleAtFixedRate(this::print, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  private void print() {
    long now = operations.get();
    long passed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    System.err.printf(
        Locale.ROOT,
        "bench:   %d s of %d, %d/s%n",
        passed,
        whole.toSeconds(),
        (now - seen) / EVERY_SECONDS);
    seen = now;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

package io.kontor.benchmarks;

import java.time.Duration;

/** One row of the table. */
interface Benchmark {
  /** What is measured, in a few words. */
  String what();

  /** Measures for about {@code time}, warm-up not counted. */
  Measure.Result run(Duration time) throws Exception;
}

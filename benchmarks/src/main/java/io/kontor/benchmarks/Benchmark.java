package io.kontor.benchmarks;

import java.time.Duration;

/** One row of the result table. */
interface Benchmark {
  /** What is measured, as a short text. */
  String what();

  /**
   * Measures for about {@code time}, warm-up not counted; what takes turns has times of its own.
   */
  Result run(Duration time) throws Exception;

  /** The measurement of a row. */
  interface Run {
    Result run(Duration time) throws Exception;
  }

  static Benchmark of(String what, Run run) {
    return new Benchmark() {
      @Override
      public String what() {
        return what;
      }

      @Override
      public Result run(Duration time) throws Exception {
        return run.run(time);
      }
    };
  }
}

package io.kontor.benchmarks;

import java.time.Duration;

/** A row that can be measured in slices, and take turns with another. */
interface Load {
  /** What is measured, as a short text. */
  String what();

  /** What comes before each slice and is no part of it. */
  default void beforeSlice() throws Exception {}

  /**
   * One slice.
   *
   * @param perSecond the rate; 0 for as fast as the answers come
   */
  Slice run(Duration time, double perSecond) throws Exception;

  /** The processes whose work it is, without the load generator. */
  ProcessTime processes();

  /** Whether the latencies are those at half the maximum rate, where queueing does not dominate. */
  default boolean isTimedAtHalfRate() {
    return false;
  }
}

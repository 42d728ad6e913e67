package io.kontor.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a row, as they stand in the JSON file; what a row does not measure is left out.
 *
 * @param perSecond operations per second; 0 when only latency was measured
 * @param ratio the median of the pairs' ratios of rates, to the yardstick or to the build before
 * @param ratioMin the smallest of them
 * @param ratioMax the largest of them
 * @param cpuMsPerOp processor milliseconds of server and database for an operation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
    double perSecond,
    double p50Ms,
    double p99Ms,
    double p999Ms,
    @Nullable Double ratio,
    @Nullable Double ratioMin,
    @Nullable Double ratioMax,
    @Nullable Double cpuMsPerOp,
    String note) {

  static Result of(double perSecond, Histogram nanos) {
    return new Result(
        perSecond,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getValueAtPercentile(99.9) / 1e6,
        null,
        null,
        null,
        null,
        "");
  }

  /** A rate without latencies. */
  static Result rate(double perSecond, String note) {
    return new Result(perSecond, 0, 0, 0, null, null, null, null, note);
  }

  Result noting(String text) {
    return new Result(perSecond, p50Ms, p99Ms, p999Ms, ratio, ratioMin, ratioMax, cpuMsPerOp, text);
  }

  Result withCpu(@Nullable Double millis) {
    return new Result(perSecond, p50Ms, p99Ms, p999Ms, ratio, ratioMin, ratioMax, millis, note);
  }

  Result with(Ratio to) {
    return new Result(
        perSecond,
        p50Ms,
        p99Ms,
        p999Ms,
        to.median(),
        to.smallest(),
        to.largest(),
        cpuMsPerOp,
        note);
  }
}

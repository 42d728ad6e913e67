package io.kontor.benchmarks;

import org.HdrHistogram.Histogram;

/**
 * What one slice of load measured.
 *
 * @param perSecond operations per second
 * @param operations completed ones
 * @param nanos the latencies
 */
record Slice(double perSecond, long operations, Histogram nanos) {}

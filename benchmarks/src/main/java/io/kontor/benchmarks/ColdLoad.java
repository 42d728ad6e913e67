package io.kontor.benchmarks;

import java.time.Duration;

/** How long the first command on a stream takes that is not at hand. */
record ColdLoad(Bank bank, int events) implements Benchmark {
  @Override
  public String what() {
    return "cold load of a stream of %,d events".formatted(events);
  }

  @Override
  public Measure.Result run(Duration time) throws Exception {
    throw new UnsupportedOperationException();
  }
}

package io.kontor.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A load that also counts the processor time of its database alone. */
final class DatabaseShare implements Load {
  private final Load load;
  private final ProcessTime database;
  private double millis;
  private long operations;

  /**
   * @param postmaster the process of the database's server
   */
  DatabaseShare(Load load, long postmaster) {
    this.load = load;
    this.database = new ProcessTime(List.of(), postmaster);
  }

  @Override
  public String what() {
    return load.what();
  }

  @Override
  public Slice run(Duration time, double perSecond) throws Exception {
    double before = database.millis().orElse(0);
    Slice slice = load.run(time, perSecond);
    millis += database.millis().orElse(0) - before;
    operations += slice.operations();
    return slice;
  }

  @Override
  public ProcessTime processes() {
    return load.processes();
  }

  /** Adds the share, over all slices so far, to a result's note. */
  Result noted(Result result) {
    return operations == 0
        ? result
        : result.noting(
            String.format(
                Locale.ROOT, "%s; database %.4f ms/op", result.note(), millis / operations));
  }
}

package io.kontor.benchmarks;

import java.util.List;

/** The median of pairs' ratios, with the smallest and the largest. */
record Ratio(double median, double smallest, double largest) {
  /**
   * @param ratios at least one
   */
  static Ratio of(List<Double> ratios) {
    List<Double> sorted = ratios.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Ratio(median, sorted.getFirst(), sorted.getLast());
  }
}

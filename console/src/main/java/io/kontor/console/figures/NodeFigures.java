package io.kontor.console.figures;

import io.kontor.console.figures.FigureHistory.Sample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this node is now.
 *
 * @param newest what it did in the last ten seconds; null in its first seconds
 * @param pools its database connections
 * @param breakers those of its calls to the database
 */
public record NodeFigures(@Nullable Sample newest, List<Pool> pools, List<Breaker> breakers) {
  private static final String POOL = "hikaricp.connections.";
  private static final String BREAKER = "kontor.database.breaker.state";

  /** A pool of database connections. */
  public record Pool(String name, long active, long most, long pending) {}

  /**
   * @param state {@code closed}; while it is {@code open} calls are refused, and in {@code
   *     half_open} some are tried
   */
  public record Breaker(String name, String state) {
    public boolean isClosed() {
      return state.equals("closed");
    }
  }

  /** Reads the meters of this node. */
  public static NodeFigures of(MeterRegistry meters, FigureHistory history) {
    return new NodeFigures(history.newest(), pools(meters), breakers(meters));
  }

  private static List<Pool> pools(MeterRegistry meters) {
    return meters.find(POOL + "max").gauges().stream()
        .map(max -> String.valueOf(max.getId().getTag("pool")))
        .distinct()
        .sorted()
        .map(
            pool ->
                new Pool(
                    pool,
                    sum(meters, "active", pool),
                    sum(meters, "max", pool),
                    sum(meters, "pending", pool)))
        .toList();
  }

  /** Over this node's cells, which have pools of the same names. */
  private static long sum(MeterRegistry meters, String name, String pool) {
    return Math.round(
        meters.find(POOL + name).tag("pool", pool).gauges().stream()
            .mapToDouble(Gauge::value)
            .sum());
  }

  /** A breaker has a gauge for each state, which is 1 for the one that it is in. */
  private static List<Breaker> breakers(MeterRegistry meters) {
    return meters.find(BREAKER).gauges().stream()
        .filter(gauge -> gauge.value() == 1)
        .map(gauge -> new Breaker(tag(gauge, "breaker"), tag(gauge, "state")))
        .sorted(Comparator.comparing(Breaker::name))
        .toList();
  }

  private static String tag(Gauge gauge, String key) {
    return String.valueOf(gauge.getId().getTag(key));
  }
}

package io.kontor.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The rows' results, as a table for people and as JSON. */
final class ResultTable {
  private final Map<String, Result> results = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();

  /** Adds a row, and shows that it is done. */
  void add(String key, String what, Result result) {
    System.err.printf("bench: %s: %s%n", key, figures(result));
    results.put(key, result);
    names.put(key, what);
  }

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%-9s %11s %6s %13s %9s %9s %9s %9s%n",
        "",
        "per second",
        "ratio",
        "(min to max)",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "cpu ms/op");
    results.forEach(
        (key, result) ->
            out.printf(
                Locale.ROOT,
                "%-9s %11s %6s %13s %9s %9s %9s %9s  %s%s%n",
                key,
                figure("%.0f", result.perSecond()),
                figure("%.2f", result.ratio()),
                range(result),
                figure("%.3f", result.p50Ms()),
                figure("%.3f", result.p99Ms()),
                figure("%.3f", result.p999Ms()),
                figure("%.3f", result.cpuMsPerOp()),
                names.get(key),
                result.note().isEmpty() ? "" : " (" + result.note() + ")"));
  }

  /** Writes an object with a member for each row. */
  void writeTo(Path file) {
    JsonMapper.builder().build().writeValue(file.toFile(), results);
  }

  private static String figures(Result result) {
    return String.format(
        Locale.ROOT,
        "%.0f/s, p50 %.3f ms, p99 %.3f ms, %s cpu ms/op",
        result.perSecond(),
        result.p50Ms(),
        result.p99Ms(),
        result.cpuMsPerOp() == null ? "no" : figure("%.3f", result.cpuMsPerOp()));
  }

  private static String range(Result result) {
    return result.ratio() == null
        ? ""
        : figure("%.2f", result.ratioMin()) + " to " + figure("%.2f", result.ratioMax());
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null || value == 0 ? "" : String.format(Locale.ROOT, format, value);
  }
}

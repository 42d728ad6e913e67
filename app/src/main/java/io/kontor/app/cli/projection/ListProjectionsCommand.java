package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.RebuildService;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints each projection's position and lag, and running rebuilds. */
@Command(
    name = "list",
    description = "Print how far each projection is, and what is being rebuilt.",
    mixinStandardHelpOptions = true)
final class ListProjectionsCommand implements Callable<Integer> {
  private static final String LIVE =
      """
      select name, generation, version, position, previous_generation,
        coalesce((select events from parked_events where projection = name), 0) as parked
      from projection order by name
      """;

  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase bank = which.open()) {
      var tools = new CliProjections(bank);
      long head = tools.events().head();
      out.printf(
          "%-14s %10s %8s %12s %8s %8s  %s%n",
          "projection", "generation", "version", "position", "lag", "parked", "previous");
      new JdbcTemplate(bank.worker())
          .query(
              LIVE,
              (row, n) ->
                  "%-14s %10d %8d %12d %8d %8d  %s"
                      .formatted(
                          row.getString("name"),
                          row.getInt("generation"),
                          row.getInt("version"),
                          row.getLong("position"),
                          Math.max(0, head - row.getLong("position")),
                          row.getLong("parked"),
                          row.getString("previous_generation") == null
                              ? "-"
                              : row.getString("previous_generation")))
          .forEach(out::println);
      RebuildService rebuilds = tools.rebuilds(which.environment());
      List<Rebuild> running = rebuilds.running();
      running.forEach(rebuild -> out.println(line(rebuild)));
    }
    out.flush();
    return 0;
  }

  static String line(Rebuild rebuild) {
    return String.format(
        Locale.ROOT,
        "%s %s of %s%s: %s, %s, %,d of %,d, %,.0f/s%s",
        rebuild.kind().name().toLowerCase(Locale.ROOT),
        rebuild.id(),
        String.join(", ", rebuild.projections()),
        rebuild.tenant() == null ? "" : " for " + rebuild.tenant(),
        rebuild.state().name().toLowerCase(Locale.ROOT),
        rebuild.phase().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        rebuild.processed(),
        rebuild.total(),
        rebuild.perSecond(),
        rebuild.failure() == null ? "" : ": " + rebuild.failure());
  }
}

package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.app.cli.ProgressBar;
import io.kontor.eventstore.read.EventReader;
import io.kontor.projection.rebuild.ReadModelReplay;
import io.kontor.web.json.Instants;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds read models as they were at a position or time. */
@Command(
    name = "replay",
    description = {
      "Make read models as they were at a position or time, in the schema kontor_scratch.",
      "With --tenant, that tenant's rows are printed, too. What serves is not touched."
    },
    mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "POSITION|TIME",
      description = "such as 4711 or 2026-01-31T00:00:00Z, itself excluded when it is a time")
  private String to = "";

  @Option(
      names = "--projection",
      paramLabel = "NAME",
      description = "which one (repeatable); all if none is named")
  private List<String> names = new ArrayList<>();

  @Option(names = "--tenant", description = "this tenant's rows alone, which are printed as CSV")
  private @Nullable String tenant;

  @Override
  public Integer call() {
    List<String> wanted = CliProjections.named(spec, names);
    var tenantId = CliSupport.tenant(spec, tenant);
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase bank = which.open()) {
      long upTo = position(new EventReader(bank.worker()));
      ReadModelReplay replay = new CliProjections(bank).replay(wanted);
      long reached;
      try (var bar = new ProgressBar(CliSupport.err(spec), "replayed", upTo)) {
        reached = replay.run(tenantId, upTo, bar::reached);
      }
      if (tenantId == null) {
        out.printf("%s at position %d: in schema %s%n", wanted, reached, replay.schema());
      } else {
        replay
            .rows(tenantId)
            .forEach(
                (table, rows) -> {
                  out.printf("# %s at position %d%n", table, reached);
                  out.print(rows.formatCSV());
                });
      }
    }
    out.flush();
    return 0;
  }

  private long position(EventReader events) {
    if (to.matches("[0-9]{1,18}")) {
      long position = Long.parseLong(to);
      if (position > events.head()) {
        throw CliSupport.misused(
            spec, "the last position is %d, not %s".formatted(events.head(), to));
      }
      return position;
    }
    try {
      return events.positionBefore(Instants.parse(to)).orElse(events.head());
    } catch (IllegalArgumentException malformed) {
      throw CliSupport.misused(
          spec,
          "--to takes a position or a time such as 2026-01-31T00:00:00Z, not '%s'".formatted(to));
    }
  }
}

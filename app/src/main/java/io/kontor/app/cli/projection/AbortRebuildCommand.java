package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.RebuildService;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Aborts a rebuild; the live read model stays as it is. */
@Command(
    name = "abort",
    description = "End a projection's rebuild; what serves goes on serving.",
    mixinStandardHelpOptions = true)
final class AbortRebuildCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PROJECTION", description = "whose rebuild")
  private String name = "";

  @Override
  public Integer call() {
    String wanted = CliProjections.named(spec, List.of(name)).getFirst();
    try (CliDatabase bank = which.open()) {
      RebuildService rebuilds = new CliProjections(bank).rebuilds(which.environment());
      List<Rebuild> aborted =
          rebuilds.running().stream()
              .filter(rebuild -> rebuild.projections().contains(wanted))
              .filter(rebuild -> rebuilds.abort(rebuild.id()))
              .toList();
      if (aborted.isEmpty()) {
        throw new CliException(wanted + " is not being rebuilt");
      }
      aborted.forEach(
          rebuild ->
              CliSupport.out(spec)
                  .println(ListProjectionsCommand.line(rebuilds.find(rebuild.id()).orElseThrow())));
      return 0;
    }
  }
}

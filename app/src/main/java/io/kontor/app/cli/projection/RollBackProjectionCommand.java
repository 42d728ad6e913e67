package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliDatabase;
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

/** Makes the previous generation live again. */
@Command(
    name = "rollback",
    description = "Let the generation serve again that the last rebuild replaced.",
    mixinStandardHelpOptions = true)
final class RollBackProjectionCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PROJECTION", description = "which one")
  private String name = "";

  @Override
  public Integer call() throws InterruptedException {
    String wanted = CliProjections.named(spec, List.of(name)).getFirst();
    try (CliDatabase bank = which.open()) {
      RebuildService rebuilds = new CliProjections(bank).rebuilds(which.environment());
      Rebuild rollback =
          RebuildProjectionsCommand.requested(() -> rebuilds.requestRollback(wanted, null));
      return RebuildWatcher.untilDone(rebuilds, rollback.id(), spec);
    }
  }
}

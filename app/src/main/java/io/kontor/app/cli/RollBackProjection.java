package io.kontor.app.cli;

import io.kontor.projections.engine.Rebuild;
import io.kontor.projections.engine.Rebuilds;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The generation before, again. */
@Command(
    name = "rollback",
    description = "Let the generation serve again that the last rebuild replaced.",
    mixinStandardHelpOptions = true)
final class RollBackProjection implements Callable<Integer> {
  @Mixin private WhichBank which = new WhichBank();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PROJECTION", description = "which one")
  private String name = "";

  @Override
  public Integer call() throws InterruptedException {
    String wanted = ReadModelTools.named(spec, List.of(name)).getFirst();
    try (BankDatabase bank = which.open()) {
      Rebuilds rebuilds = new ReadModelTools(bank).rebuilds(which.environment());
      Rebuild rollback = RebuildProjections.requested(() -> rebuilds.requestRollback(wanted, null));
      return Watching.untilDone(rebuilds, rollback.id(), spec);
    }
  }
}

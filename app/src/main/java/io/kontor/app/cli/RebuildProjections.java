package io.kontor.app.cli;

import io.kontor.projections.engine.Rebuild;
import io.kontor.projections.engine.RebuildRefusedException;
import io.kontor.projections.engine.Rebuilds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Read models made anew from the events, beside those that serve. */
@Command(
    name = "rebuild",
    description = "Make read models anew from all events; the bank may run and serve meanwhile.",
    mixinStandardHelpOptions = true)
final class RebuildProjections implements Callable<Integer> {
  @Mixin private WhichBank which = new WhichBank();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "PROJECTION",
      description = "which ones, in one pass that becomes live as one; all if none is named")
  private List<String> names = new ArrayList<>();

  @Option(names = "--tenant", description = "replace this tenant's rows alone")
  private @Nullable String tenant;

  @Option(names = "--no-wait", description = "ask the running bank to do it, and end")
  private boolean noWait;

  @Override
  public Integer call() throws InterruptedException {
    List<String> wanted = ReadModelTools.named(spec, names);
    var whose = Tool.tenant(spec, tenant);
    try (BankDatabase bank = which.open()) {
      Rebuilds rebuilds = new ReadModelTools(bank).rebuilds(which.environment());
      Rebuild rebuild = requested(() -> rebuilds.request(wanted, whose, null));
      if (noWait) {
        Tool.out(spec).println(ListProjections.line(rebuild));
        return 0;
      }
      return Watching.untilDone(rebuilds, rebuild.id(), spec);
    }
  }

  static Rebuild requested(Supplier<Rebuild> request) {
    try {
      return request.get();
    } catch (RebuildRefusedException refused) {
      throw new ToolFailure(String.valueOf(refused.getMessage()));
    }
  }
}

package io.kontor.app.cli.projection;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.projection.rebuild.Rebuild;
import io.kontor.projection.rebuild.RebuildRejectedException;
import io.kontor.projection.rebuild.RebuildService;
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

/** Rebuilds read models from the events, beside the live ones. */
@Command(
    name = "rebuild",
    description = "Make read models anew from all events; the bank may run and serve meanwhile.",
    mixinStandardHelpOptions = true)
final class RebuildProjectionsCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

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
    List<String> wanted = CliProjections.named(spec, names);
    var tenantId = CliSupport.tenant(spec, tenant);
    try (CliDatabase bank = which.open()) {
      RebuildService rebuilds = new CliProjections(bank).rebuilds(which.environment());
      Rebuild rebuild = requested(() -> rebuilds.request(wanted, tenantId, null));
      if (noWait) {
        CliSupport.out(spec).println(ListProjectionsCommand.line(rebuild));
        return 0;
      }
      return RebuildWatcher.untilDone(rebuilds, rebuild.id(), spec);
    }
  }

  static Rebuild requested(Supplier<Rebuild> request) {
    try {
      return request.get();
    } catch (RebuildRejectedException refused) {
      throw new CliException(String.valueOf(refused.getMessage()));
    }
  }
}

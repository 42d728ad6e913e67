package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.tenancy.TenantId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Closes a tenant and has the running bank remove its data. */
@Command(
    name = "close",
    description = {
      "Close a tenant for good: its requests are refused at once, and the running bank removes its",
      "schema or database, or its rows of the shared tables. Export its events first."
    },
    mixinStandardHelpOptions = true)
final class CloseTenantCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TENANT", description = "the tenant's id")
  private String tenant = "";

  @Option(
      names = "--confirm",
      paramLabel = "TENANT",
      required = true,
      description = "the tenant's id once more: its data is gone afterwards")
  private String confirm = "";

  @Option(names = "--no-wait", description = "ask for it, and end")
  private boolean noWait;

  @Override
  public Integer call() throws InterruptedException {
    TenantId id = Objects.requireNonNull(CliSupport.tenant(spec, tenant));
    if (!confirm.equals(tenant)) {
      throw CliSupport.misused(spec, "--confirm must be the tenant's id");
    }
    try (CliDatabase bank = which.open()) {
      return new TenantJobWatcher(bank, spec)
          .run(jobs -> jobs.close(id, CliSupport.operator()), noWait);
    }
  }
}

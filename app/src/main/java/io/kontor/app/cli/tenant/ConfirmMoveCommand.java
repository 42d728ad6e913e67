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

/** Has the running bank remove what a tenant has moved out of. */
@Command(
    name = "confirm",
    description = {
      "Have the running bank remove the schema or the database that a tenant has moved out of, and",
      "wait for it."
    },
    mixinStandardHelpOptions = true)
final class ConfirmMoveCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TENANT", description = "the tenant's id")
  private String tenant = "";

  @Option(names = "--no-wait", description = "ask for it, and end")
  private boolean noWait;

  @Override
  public Integer call() throws InterruptedException {
    TenantId id = Objects.requireNonNull(CliSupport.tenant(spec, tenant));
    try (CliDatabase bank = which.open()) {
      return new TenantJobWatcher(bank, spec)
          .run(jobs -> jobs.confirm(id, CliSupport.operator()), noWait);
    }
  }
}

package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has the running bank move a tenant. */
@Command(
    name = "move",
    description = {
      "Have the running bank move a tenant's data between the shared tables, a schema and a database",
      "of its own, and wait for it.",
      "The tenant is served meanwhile; its changes wait for some seconds at the end."
    },
    mixinStandardHelpOptions = true)
final class MoveTenantCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TENANT", description = "the tenant's id")
  private String tenant = "";

  @Option(names = "--to", description = "ROW, SCHEMA, or DATABASE (if not given)")
  private TenantIsolation to = TenantIsolation.DATABASE;

  @Option(names = "--no-wait", description = "ask for it, and end")
  private boolean noWait;

  @Override
  public Integer call() throws InterruptedException {
    TenantId id = Objects.requireNonNull(CliSupport.tenant(spec, tenant));
    try (CliDatabase bank = which.open()) {
      return new TenantJobWatcher(bank, spec)
          .run(jobs -> jobs.move(id, to, CliSupport.operator()), noWait);
    }
  }
}

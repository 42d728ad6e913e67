package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.RegisteredCell;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints one tenant. */
@Command(
    name = "show",
    description = "Print a tenant and where its data is.",
    mixinStandardHelpOptions = true)
final class ShowTenantCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TENANT", description = "the tenant's id")
  private String tenant = "";

  @Override
  public Integer call() {
    TenantId id = Objects.requireNonNull(CliSupport.tenant(spec, tenant));
    RegisteredTenant found;
    List<RegisteredCell> kept;
    try (CliDatabase bank = which.open()) {
      var directory = new TenantDirectory(bank.worker());
      found = directory.find(id).orElseThrow(() -> new CliException("there is no tenant " + id));
      kept = directory.formerCells(id);
    }
    PrintWriter out = CliSupport.out(spec);
    out.printf("tenant      %s%n", found.id());
    out.printf("name        %s%n", found.name());
    out.printf("isolation   %s%n", found.isolation());
    out.printf("registered  %s%n", found.registeredAt());
    if (found.closedAt() != null) {
      out.printf("closed      %s%n", found.closedAt());
    }
    RegisteredCell cell = found.cell();
    if (cell != null) {
      out.printf("database    %s%n", cell.address());
      out.printf("secret      %s%n", cell.secret());
    }
    kept.forEach(former -> out.printf("kept        %s%n", former.address()));
    out.flush();
    return 0;
  }
}

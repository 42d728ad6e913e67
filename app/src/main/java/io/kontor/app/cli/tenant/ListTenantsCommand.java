package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.tenancy.registry.RegisteredTenant;
import io.kontor.tenancy.registry.TenantDirectory;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints all tenants, in the order of their ids. */
@Command(
    name = "list",
    description = "Print all tenants, in the order of their ids.",
    mixinStandardHelpOptions = true)
final class ListTenantsCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase bank = which.open()) {
      var directory = new TenantDirectory(bank.worker());
      out.println(line("tenant", "isolation", "registered", "name"));
      List<RegisteredTenant> page = directory.list(null, PAGE);
      while (!page.isEmpty()) {
        page.forEach(tenant -> out.println(line(tenant)));
        page = directory.list(page.getLast().id(), PAGE);
      }
    }
    out.flush();
    return 0;
  }

  private static String line(RegisteredTenant tenant) {
    return line(
        tenant.id().value(),
        tenant.isolation().name(),
        tenant.registeredAt().toString(),
        tenant.name());
  }

  private static String line(String tenant, String isolation, String registered, String name) {
    return "%-39s  %-9s  %-27s  %s".formatted(tenant, isolation, registered, name);
  }
}

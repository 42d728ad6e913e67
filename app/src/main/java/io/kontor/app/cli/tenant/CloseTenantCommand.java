package io.kontor.app.cli.tenant;

import io.kontor.app.cli.CliSupport;
import io.kontor.operations.tenant.TenantJobs;
import io.kontor.tenancy.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Closes a tenant and has the running bank remove its data. */
@Command(
    name = "close",
    description = {
      "Close a tenant for good: its requests are refused at once, and the running bank removes its",
      "schema or database, or its rows of the shared tables. Export its events first."
    },
    mixinStandardHelpOptions = true)
final class CloseTenantCommand extends TenantJobCommand {
  @Option(
      names = "--confirm",
      paramLabel = "TENANT",
      required = true,
      description = "the tenant's id once more: its data is gone afterwards")
  private String confirm = "";

  @Override
  void check(TenantId id, @Nullable CommandSpec command) {
    if (!confirm.equals(id.value())) {
      throw CliSupport.misused(command, "--confirm must be the tenant's id");
    }
  }

  @Override
  UUID request(TenantJobs jobs, TenantId id, String operator) {
    return jobs.close(id, operator);
  }
}

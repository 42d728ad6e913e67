package io.kontor.app.cli.tenant;

import io.kontor.operations.tenant.TenantJobs;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the running bank move a tenant. */
@Command(
    name = "move",
    description = {
      "Have the running bank move a tenant's data between the shared tables, a schema and a database",
      "of its own, and wait for it.",
      "The tenant is served meanwhile; its changes wait for some seconds at the end."
    },
    mixinStandardHelpOptions = true)
final class MoveTenantCommand extends TenantJobCommand {
  @Option(names = "--to", description = "ROW, SCHEMA, or DATABASE (if not given)")
  private TenantIsolation to = TenantIsolation.DATABASE;

  @Override
  UUID request(TenantJobs jobs, TenantId id, String operator) {
    return jobs.move(id, to, operator);
  }
}

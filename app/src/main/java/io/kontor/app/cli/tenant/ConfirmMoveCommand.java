package io.kontor.app.cli.tenant;

import io.kontor.operations.tenant.TenantJobs;
import io.kontor.tenancy.TenantId;
import java.util.UUID;
import picocli.CommandLine.Command;

/** Has the running bank remove what a tenant has moved out of. */
@Command(
    name = "confirm",
    description = {
      "Have the running bank remove the schema or the database that a tenant has moved out of, and",
      "wait for it."
    },
    mixinStandardHelpOptions = true)
final class ConfirmMoveCommand extends TenantJobCommand {
  @Override
  UUID request(TenantJobs jobs, TenantId id, String operator) {
    return jobs.confirm(id, operator);
  }
}

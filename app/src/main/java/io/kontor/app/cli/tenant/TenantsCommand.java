package io.kontor.app.cli.tenant;

import picocli.CommandLine.Command;

/** The tools for tenants. */
@Command(
    name = "tenants",
    description = "See where the tenants' data is, move it, and close tenants.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListTenantsCommand.class,
      ShowTenantCommand.class,
      MoveTenantCommand.class,
      ConfirmMoveCommand.class,
      CloseTenantCommand.class
    })
public final class TenantsCommand {}

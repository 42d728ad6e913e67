package io.kontor.app.cli.tenant;

import picocli.CommandLine.Command;

/** The tools for tenants. */
@Command(
    name = "tenants",
    description = "Look at the tenants and where their data is.",
    mixinStandardHelpOptions = true,
    subcommands = {ListTenantsCommand.class, ShowTenantCommand.class})
public final class TenantsCommand {}

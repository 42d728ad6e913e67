package io.kontor.app.cli.projection;

import picocli.CommandLine.Command;

/** The tools for projections. */
@Command(
    name = "projections",
    description = "See how far the projections are, and make their read models anew.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListProjectionsCommand.class,
      RebuildProjectionsCommand.class,
      RollBackProjectionCommand.class,
      AbortRebuildCommand.class,
      DeadLettersCommand.class
    })
public final class ProjectionsCommand {}

package io.kontor.app.cli;

import picocli.CommandLine.Command;

/** Everything about projections. */
@Command(
    name = "projections",
    description = "See how far the projections are, and make their read models anew.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListProjections.class,
      RebuildProjections.class,
      RollBackProjection.class,
      AbortRebuild.class,
      DeadLettersCommand.class
    })
public final class ProjectionsCommand {}

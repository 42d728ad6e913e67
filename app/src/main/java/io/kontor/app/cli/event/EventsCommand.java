package io.kontor.app.cli.event;

import picocli.CommandLine.Command;

/** The tools for stored events. */
@Command(
    name = "events",
    description = "Look at the stored events, take them out and bring them in.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ShowEventsCommand.class,
      TailEventsCommand.class,
      ExportEventsCommand.class,
      ImportEventsCommand.class
    })
public final class EventsCommand {}

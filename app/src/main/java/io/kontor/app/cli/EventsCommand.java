package io.kontor.app.cli;

import picocli.CommandLine.Command;

/** Everything about events as they are stored. */
@Command(
    name = "events",
    description = "Look at the stored events, take them out and bring them in.",
    mixinStandardHelpOptions = true,
    subcommands = {ShowEvents.class, TailEvents.class, ExportEvents.class, ImportEvents.class})
public final class EventsCommand {}

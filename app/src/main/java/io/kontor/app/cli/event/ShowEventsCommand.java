package io.kontor.app.cli.event;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.eventstore.event.StoredEvent;
import io.kontor.eventstore.read.EventReader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints one stream, from its first event. */
@Command(
    name = "show",
    description = "Print one stream as its history.",
    mixinStandardHelpOptions = true)
final class ShowEventsCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--metadata", description = "print each event's metadata, too")
  private boolean metadata;

  @Parameters(
      paramLabel = "STREAM",
      description = "as in events' ids and in the log: <tenant>/<uuid>")
  private String stream = "";

  @Override
  public Integer call() {
    PrintWriter out = CliSupport.out(spec);
    var count = new AtomicLong();
    try (CliDatabase bank = which.open()) {
      new EventReader(bank.worker())
          .forEach(
              CliSupport.stream(spec, stream),
              event -> {
                count.incrementAndGet();
                print(out, event);
              });
    }
    if (count.get() == 0) {
      throw new CliException("there is no stream " + stream);
    }
    return 0;
  }

  private void print(PrintWriter out, StoredEvent event) {
    out.println(EventFormatter.ofStream(event));
    if (metadata) {
      out.println("       " + event.metadata());
    }
  }
}

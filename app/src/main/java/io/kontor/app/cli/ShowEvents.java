package io.kontor.app.cli;

import io.kontor.eventstore.EventHistory;
import io.kontor.eventstore.StoredEvent;
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

/** One stream, from its first event. */
@Command(
    name = "show",
    description = "Print one stream as its history.",
    mixinStandardHelpOptions = true)
final class ShowEvents implements Callable<Integer> {
  @Mixin private WhichBank which = new WhichBank();

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--metadata", description = "print each event's metadata, too")
  private boolean metadata;

  @Parameters(
      paramLabel = "STREAM",
      description = "as in events' ids and in the log: <tenant>/<uuid>")
  private String stream = "";

  @Override
  public Integer call() {
    PrintWriter out = Tool.out(spec);
    var count = new AtomicLong();
    try (BankDatabase bank = which.open()) {
      new EventHistory(bank.worker())
          .forEach(
              Tool.stream(spec, stream),
              event -> {
                count.incrementAndGet();
                print(out, event);
              });
    }
    if (count.get() == 0) {
      throw new ToolFailure("there is no stream " + stream);
    }
    return 0;
  }

  private void print(PrintWriter out, StoredEvent event) {
    out.println(EventLine.ofStream(event));
    if (metadata) {
      out.println("       " + event.metadata());
    }
  }
}

package io.kontor.app.cli.event;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.eventstore.read.EventReader;
import io.kontor.tenancy.TenantId;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the newest events and follows new ones. */
@Command(
    name = "tail",
    description = "Print the newest events, then each that comes, until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class TailEventsCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--tenant", description = "this tenant's events alone (everyone's, if not given)")
  private @Nullable String tenant;

  @Option(
      names = {"-n", "--last"},
      defaultValue = "10",
      description = "how many of the newest events to begin with (${DEFAULT-VALUE})")
  private int last;

  @Option(names = "--no-follow", description = "print what there is and end")
  private boolean noFollow;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = CliSupport.out(spec);
    TenantId tenantId = CliSupport.tenant(spec, tenant);
    try (CliDatabase bank = which.open()) {
      var events = new EventReader(bank.worker());
      long position = events.positionOfLast(tenantId, last) - 1;
      while (true) {
        long head = events.head();
        if (head > position) {
          events.forEach(
              tenantId, position, head, event -> out.println(EventFormatter.ofStore(event)));
          out.flush();
          position = head;
        }
        if (noFollow || out.checkError()) {
          return 0;
        }
        Thread.sleep(LOOK_AGAIN);
      }
    }
  }
}

package io.kontor.app.cli.endofday;

import io.kontor.api.endofday.EndOfDayFigures;
import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.tenancy.TenantId;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The end of bank days: status, days, run. */
@Command(
    name = "end-of-day",
    description = "See how far the ends of bank days are, and have them run.",
    mixinStandardHelpOptions = true)
public final class EndOfDayCommand {
  private static final int MOST_DAYS = 3_660;
  private static final String ROW = "%-39s  %-10s  %-20s  %9s  %-8s  %s%n";

  private final InstantSource clock = InstantSource.system();

  @Spec private @Nullable CommandSpec spec;

  @Command(
      name = "status",
      description = "Print each tenant's open bank day, those that have been over longest first.")
  int status(@Mixin DatabaseOptions which) {
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase bank = which.open()) {
      List<BankDays.Open> days = new BankDays(bank.worker()).open();
      out.printf(ROW, "tenant", "day", "over at", "over for", "step", "figures");
      days.forEach(
          open ->
              out.printf(
                  ROW,
                  open.tenant(),
                  open.day(),
                  open.endsAt(),
                  overFor(open.endsAt()),
                  open.step(),
                  text(open.figures())));
    }
    out.flush();
    return 0;
  }

  @Command(name = "days", description = "Print a tenant's closed bank days, the newest first.")
  int days(
      @Mixin DatabaseOptions which,
      @Parameters(paramLabel = "TENANT", description = "the tenant's id") String tenant,
      @Option(
              names = "--last",
              paramLabel = "DAYS",
              defaultValue = "31",
              description = "how many (${DEFAULT-VALUE})")
          int last) {
    TenantId id = tenant(tenant);
    if (last < 1 || last > MOST_DAYS) {
      throw CliSupport.misused(spec, "--last: must be 1 to " + MOST_DAYS);
    }
    PrintWriter out = CliSupport.out(spec);
    try (CliDatabase bank = which.open()) {
      var days = new BankDays(bank.worker());
      if (days.open(id).isEmpty()) {
        throw noBankDay(id);
      }
      days.closed(id, last).forEach(closed -> out.println(line(closed)));
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "run",
      description = {
        "Have the running bank end a tenant's open bank day and all that were missed, and wait for"
            + " it.",
        "A day that is not over is not ended. Ctrl-C ends the waiting alone."
      })
  int run(
      @Mixin DatabaseOptions which,
      @Parameters(paramLabel = "TENANT", description = "the tenant's id") String tenant,
      @Option(names = "--no-wait", description = "ask for the open day's end, and end")
          boolean noWait)
      throws InterruptedException {
    TenantId id = tenant(tenant);
    try (CliDatabase bank = which.open()) {
      var watcher = new EndOfDayWatcher(bank.worker(), id, spec, clock);
      if (!watcher.isBehind()) {
        throw new CliException("the open bank day is not over");
      }
      return noWait ? watcher.request() : watcher.catchUp();
    }
  }

  static CliException noBankDay(TenantId tenant) {
    return new CliException("%s has no bank day, or there is no such tenant".formatted(tenant));
  }

  static String line(BankDays.Closed closed) {
    return "%s closed=%s %s".formatted(closed.day(), closed.closedAt(), text(closed.figures()));
  }

  private static String text(EndOfDayFigures figures) {
    return "accounts=%d booked=%d owed=%d"
        .formatted(figures.accounts(), figures.booked(), figures.owed());
  }

  private String overFor(Instant endsAt) {
    Duration since = Duration.between(endsAt, clock.instant());
    return since.isNegative() ? "-" : "%dh%02dm".formatted(since.toHours(), since.toMinutesPart());
  }

  private TenantId tenant(String id) {
    return Objects.requireNonNull(CliSupport.tenant(spec, id));
  }
}

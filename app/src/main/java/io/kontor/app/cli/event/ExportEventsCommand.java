package io.kontor.app.cli.event;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.app.cli.ProgressBar;
import io.kontor.eventstore.archive.EventExporter;
import io.kontor.eventstore.archive.EventExporter.Range;
import io.kontor.eventstore.archive.EventExporter.Written;
import io.kontor.eventstore.read.EventReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exports events to a file. */
@Command(
    name = "export",
    description = {
      "Write events into a file: JSON lines, packed by gzip.",
      "Given again after it was cut short, it goes on where it ended."
    },
    mixinStandardHelpOptions = true)
final class ExportEventsCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the file to write, such as bank.ndjson.gz")
  private @Nullable Path file;

  @Option(names = "--tenant", description = "this tenant's events alone (everyone's, if not given)")
  private @Nullable String tenant;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "from the first event recorded then or later, such as 2026-01-31T00:00:00Z")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "to the last event before the first recorded then or later")
  private @Nullable Instant to;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "write the keys to personal data, too, into this file; they stay wrapped")
  private @Nullable Path keys;

  @Override
  public Integer call() throws IOException {
    Path target = Objects.requireNonNull(file);
    CliSupport.tenant(spec, tenant);
    try (CliDatabase bank = which.open()) {
      var events = new EventReader(bank.worker());
      var export = new EventExporter(bank.worker(), bank.app());
      Range range = range(events, export.unfinished(target), target);
      Written written;
      long total = events.count(range.whose(), range.after(), range.upTo());
      try (var progress = new ProgressBar(CliSupport.err(spec), "export", total)) {
        written = export.write(target, range, progress::reached);
      }
      if (keys != null) {
        var tenants = events.heads(range.whose(), range.upTo()).keySet();
        new SubjectKeyFile(bank.app()).write(keys, tenants);
      }
      CliSupport.out(spec).printf("%,d events, SHA-256 %s%n", written.events(), written.sha256());
      return 0;
    }
  }

  /** An unfinished export keeps its range, even if there are newer events. */
  private Range range(EventReader events, @Nullable Range unfinished, Path target) {
    long after = from == null ? 0 : positionBefore(events, from);
    if (unfinished == null) {
      return new Range(tenant, after, to == null ? events.head() : positionBefore(events, to));
    }
    if (!Objects.equals(tenant, unfinished.tenant())
        || after != unfinished.after()
        || (to != null && positionBefore(events, to) != unfinished.upTo())) {
      throw new CliException(
          "an export with other options was cut short here: remove %1$s.part and %1$s.range"
              .formatted(target));
    }
    return unfinished;
  }

  private static long positionBefore(EventReader events, Instant time) {
    return events.positionBefore(time).orElseGet(events::head);
  }
}

package io.kontor.app.cli;

import io.kontor.eventstore.EventHistory;
import io.kontor.eventstore.archive.EventExport;
import io.kontor.eventstore.archive.EventExport.Range;
import io.kontor.eventstore.archive.EventExport.Written;
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

/** Events into a file. */
@Command(
    name = "export",
    description = {
      "Write events into a file: JSON lines, packed by gzip.",
      "Given again after it was cut short, it goes on where it ended."
    },
    mixinStandardHelpOptions = true)
final class ExportEvents implements Callable<Integer> {
  @Mixin private WhichBank which = new WhichBank();

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
    Tool.tenant(spec, tenant);
    try (BankDatabase bank = which.open()) {
      var events = new EventHistory(bank.worker());
      var export = new EventExport(bank.worker(), bank.app());
      Range range = range(events, export.unfinished(target), target);
      Written written;
      long total = events.count(range.whose(), range.after(), range.upTo());
      try (var progress = new ProgressBar(Tool.err(spec), "export", total)) {
        written = export.write(target, range, progress::reached);
      }
      if (keys != null) {
        var tenants = events.heads(range.whose(), range.upTo()).keySet();
        new SubjectKeyFile(bank.app()).write(keys, tenants);
      }
      Tool.out(spec).printf("%,d events, SHA-256 %s%n", written.events(), written.sha256());
      return 0;
    }
  }

  /** What was begun is finished, also when there is more by now. */
  private Range range(EventHistory events, @Nullable Range unfinished, Path target) {
    long after = from == null ? 0 : positionBefore(events, from);
    if (unfinished == null) {
      return new Range(tenant, after, to == null ? events.head() : positionBefore(events, to));
    }
    if (!Objects.equals(tenant, unfinished.tenant())
        || after != unfinished.after()
        || (to != null && positionBefore(events, to) != unfinished.upTo())) {
      throw new ToolFailure(
          "an export with other options was cut short here: remove %1$s.part and %1$s.range"
              .formatted(target));
    }
    return unfinished;
  }

  private static long positionBefore(EventHistory events, Instant time) {
    return events.positionBefore(time).orElseGet(events::head);
  }
}

package io.kontor.app.cli.event;

import io.kontor.app.cli.CliDatabase;
import io.kontor.app.cli.CliException;
import io.kontor.app.cli.CliSupport;
import io.kontor.app.cli.DatabaseOptions;
import io.kontor.app.cli.ProgressBar;
import io.kontor.app.messaging.NewEventProcessors;
import io.kontor.eventstore.archive.EventImporter;
import io.kontor.eventstore.archive.EventImporter.Content;
import io.kontor.eventstore.archive.EventImporter.Stored;
import io.kontor.eventstore.event.StoreBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Imports a file's events into the store. */
@Command(
    name = "import",
    description = {
      "Store the events of a file that export wrote, each tenant's after those it continues.",
      "The file is checked first. Given again after it was cut short, it goes on where it ended.",
      "Processes go on after what was imported: none acts upon it again. The bank's nodes with role",
      "saga have to rest meanwhile."
    },
    mixinStandardHelpOptions = true)
final class ImportEventsCommand implements Callable<Integer> {
  @Mixin private DatabaseOptions which = new DatabaseOptions();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the file to read")
  private @Nullable Path file;

  @Option(names = "--check", description = "only check the file")
  private boolean checkOnly;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "store the keys to personal data that export --keys wrote, too")
  private @Nullable Path keys;

  @Override
  public Integer call() throws IOException, SQLException {
    Path source = Objects.requireNonNull(file);
    if (Files.notExists(source)) {
      throw new CliException("there is no file " + source);
    }
    List<ForgottenSubjectEntry> forgotten = new ArrayList<>();
    var underWay = new UnderWay();
    Content content = check(source, forgotten, underWay);
    CliSupport.out(spec).printf("%,d events, SHA-256 %s%n", content.events(), content.sha256());
    warnAboutUnfinished(underWay);
    if (checkOnly) {
      return 0;
    }
    try (CliDatabase bank = which.openOrCreate()) {
      bank.migrate();
      StoreBinding binding = StoreBinding.of(bank.worker());
      if (!binding.isPostgres()) {
        throw new CliException(
            "the events of this bank are kept in %s, where nothing is imported"
                .formatted(binding.name()));
      }
      var keyFile = new SubjectKeyFile(bank.app());
      keyFile.forget(forgotten);
      var events = new EventImporter(bank.worker(), bank.app(), NewEventProcessors.NAMES);
      Stored stored;
      try (var progress = new ProgressBar(CliSupport.err(spec), "import", content.events())) {
        stored = events.store(source, progress::reached);
      }
      if (keys != null) {
        keyFile.read(keys, forgotten);
      }
      CliSupport.out(spec).printf("%,d stored, %,d were there%n", stored.now(), stored.before());
      return 0;
    }
  }

  /**
   * Warns about unfinished orders and payments: sagas and tasks are not exported, so they do not go
   * on.
   */
  private void warnAboutUnfinished(UnderWay underWay) {
    underWay
        .streams()
        .forEach(
            (stream, what) ->
                CliSupport.err(spec)
                    .printf(
                        "%s %s was under way, and does not go on here by itself%n", what, stream));
  }

  /** Collects the forgotten data subjects, which are recorded before the first event is stored. */
  private Content check(Path source, List<ForgottenSubjectEntry> forgotten, UnderWay underWay)
      throws IOException {
    var count = new AtomicLong();
    try (var progress = new ProgressBar(CliSupport.err(spec), "check", 0)) {
      return EventImporter.check(
          source,
          event -> {
            ForgottenSubjectEntry.in(event).ifPresent(forgotten::add);
            underWay.see(event);
            progress.reached(count.incrementAndGet());
          });
    }
  }
}

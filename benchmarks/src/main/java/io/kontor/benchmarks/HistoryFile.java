package io.kontor.benchmarks;

import io.kontor.api.endofday.AccountTerms;
import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.archive.EventExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/**
 * A generated history, as a file that any build imports.
 *
 * @param accounts the ids of its accounts
 */
record HistoryFile(Path file, List<String> accounts) {

  /** Writes the events to a database that is only used for this, and exports them. */
  static HistoryFile write(ServerEnvironment environment, Path file, int events, int accounts)
      throws IOException, SQLException {
    return write(environment, file, events, new GeneratedHistory(serializer(), accounts));
  }

  /** Its first events are the accounts' conditions and that each was opened, at that time. */
  static HistoryFile withConditions(
      ServerEnvironment environment, Path file, int accounts, Instant time, AccountTerms terms)
      throws IOException, SQLException {
    var history = new GeneratedHistory(serializer(), accounts, () -> time).with(terms);
    return write(environment, file, 3 * accounts, history);
  }

  private static Serializer serializer() {
    return NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName());
  }

  private static HistoryFile write(
      ServerEnvironment environment, Path file, int events, GeneratedHistory history)
      throws IOException, SQLException {
    String database = "history";
    environment.createDatabase(database);
    SchemaMigrator.run(environment.dataSource(database, DatabaseLogin.OWNER));
    DataSource worker = environment.dataSource(database, DatabaseLogin.WORKER);
    history.write(worker, events);
    try (var progress = BenchmarkProgress.bar("export", events)) {
      new EventExporter(worker, environment.dataSource(database, DatabaseLogin.APP))
          .write(file, new EventExporter.Range(null, 0, Long.MAX_VALUE), progress::reached);
    }
    environment.dropDatabase(database);
    return new HistoryFile(
        file, history.accounts().stream().map(account -> account.uuid().toString()).toList());
  }
}

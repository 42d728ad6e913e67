package io.kontor.benchmarks;

import io.kontor.api.evolution.EventTypeRegistry;
import io.kontor.database.DatabaseLogin;
import io.kontor.database.migration.SchemaMigrator;
import io.kontor.eventstore.NamedTypeSerializer;
import io.kontor.eventstore.archive.EventExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
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
    String database = "history";
    environment.createDatabase(database);
    SchemaMigrator.run(environment.dataSource(database, DatabaseLogin.OWNER));
    DataSource worker = environment.dataSource(database, DatabaseLogin.WORKER);
    var history =
        new GeneratedHistory(
            NamedTypeSerializer.of(Jackson3Serializer.builder(), EventTypeRegistry.byName()),
            accounts);
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

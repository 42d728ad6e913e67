package io.kontor.database.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("system")
class SchemaMigratorTest {
  private static EmbeddedPostgres postgres;

  @TempDir private Path migrations;
  private final DataSource database = postgres.getPostgresDatabase();
  private final JdbcClient sql = JdbcClient.create(database);

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Test
  void requestsAreServedWhileAMigrationWaitsForALongTransaction() throws Exception {
    write("V1__booking.sql", "create table booking (id int)");
    SchemaMigrator.run(configuration("long_transaction"));
    write("V2__amount.sql", "alter table booking add column amount bigint");

    try (Connection dump = database.getConnection()) {
      dump.setAutoCommit(false);
      dump.createStatement().execute("lock table long_transaction.booking in access share mode");
      var migration =
          CompletableFuture.runAsync(
              () -> SchemaMigrator.run(configuration("long_transaction")),
              Thread::startVirtualThread);
      await().until(this::aMigrationWaits);

      assertThat(
              sql.sql("select count(*) from long_transaction.booking").query(Long.class).single())
          .isZero();
      assertThat(migration).isNotDone();

      dump.commit();
      migration.get(1, TimeUnit.MINUTES);
    }
    assertThat(sql.sql("select sum(amount) from long_transaction.booking").query(Long.class).list())
        .hasSize(1);
  }

  @Test
  void aMigrationThatIsWrongFailsAtOnce() throws IOException {
    write("V1__wrong.sql", "alter table unknown add column amount bigint");

    assertThatThrownBy(() -> SchemaMigrator.run(configuration("wrong")))
        .isInstanceOf(FlywayException.class)
        .hasMessageContaining("unknown");
  }

  private boolean aMigrationWaits() {
    return sql.sql("select exists (select from pg_locks where not granted)")
        .query(Boolean.class)
        .single();
  }

  private void write(String name, String statement) throws IOException {
    Files.writeString(migrations.resolve(name), statement);
  }

  private FluentConfiguration configuration(String schema) {
    return Flyway.configure()
        .dataSource(database)
        .locations("filesystem:" + migrations)
        .defaultSchema(schema);
  }
}

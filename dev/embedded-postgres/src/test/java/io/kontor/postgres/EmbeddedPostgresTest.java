package io.kontor.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class EmbeddedPostgresTest {
  @TempDir Path folder;

  @Test
  void dataAndPasswordsOutliveARestart() throws Exception {
    String password;
    try (var postgres = EmbeddedPostgres.start(folder)) {
      password = postgres.password(DatabaseLogin.APP);
      execute(postgres.dataSource(DatabaseLogin.OWNER), "create schema kept");
    }
    try (var postgres = EmbeddedPostgres.start(folder)) {
      assertThat(postgres.password(DatabaseLogin.APP)).isEqualTo(password);
      assertThat(
              text(
                  postgres.dataSource(DatabaseLogin.APP),
                  "select nspname from pg_namespace where nspname='kept'"))
          .isEqualTo("kept");
    }
    assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void aSecondStartOnTheSameFolderIsRefused() {
    try (var _ = EmbeddedPostgres.start(folder)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(folder))
          .isInstanceOf(DataFolderInUseException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aServerLeftRunningByAKilledProcessIsStoppedFirst() throws Exception {
    try (var postgres = EmbeddedPostgres.start(folder)) {
      execute(postgres.dataSource(DatabaseLogin.OWNER), "create schema kept");
    }
    Process orphan = startOrphan();
    try (var postgres = EmbeddedPostgres.start(folder)) {
      assertThat(orphan.isAlive()).isFalse();
      execute(postgres.dataSource(DatabaseLogin.OWNER), "drop schema kept");
    }
  }

  @Test
  void whatIsCommittedIsOnDisk() throws Exception {
    try (var postgres = EmbeddedPostgres.start(folder)) {
      DataSource app = postgres.dataSource(DatabaseLogin.APP);
      assertThat(text(app, "show fsync")).isEqualTo("on");
      assertThat(text(app, "show synchronous_commit")).isEqualTo("on");
      assertThat(text(app, "show full_page_writes")).isEqualTo("on");
    }
  }

  @Test
  void nobodyConnectsWithoutAPasswordAndNoPasswordIsReadableByOthers() throws Exception {
    try (var postgres = EmbeddedPostgres.start(folder)) {
      for (String user : new String[] {"postgres", "kontor_owner", "kontor_app", "kontor_worker"}) {
        assertThatThrownBy(
                () -> UnpooledDataSources.unpooled(postgres.jdbcUrl(), user, "").getConnection())
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password");
        assertThat(Files.getPosixFilePermissions(folder.resolve("passwords").resolve(user)))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  @Test
  void noLoginIsStrong() throws Exception {
    try (var postgres = EmbeddedPostgres.start(folder)) {
      assertThat(
              text(
                  postgres.dataSource(DatabaseLogin.APP),
                  """
                  select count(*) from pg_roles where rolname like 'kontor%'
                   and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
                  """))
          .isEqualTo("0");
      assertThatThrownBy(
              () -> execute(postgres.dataSource(DatabaseLogin.APP), "create schema mine"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(
              () -> execute(postgres.dataSource(DatabaseLogin.WORKER), "create temp table t ()"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void freshDatabasesDoNotSeeEachOther() throws Exception {
    try (var one = TestDatabase.create();
        var other = TestDatabase.create()) {
      execute(one.owner(), "create schema only_here");
      assertThat(
              text(other.owner(), "select count(*) from pg_namespace where nspname = 'only_here'"))
          .isEqualTo("0");
      assertThat(text(other.worker(), "select current_user")).isEqualTo("kontor_worker");
    }
  }

  /** A postmaster on the folder without a JVM that manages it. */
  private Process startOrphan() throws Exception {
    Path log = folder.resolve("postgres.log");
    String binary =
        Files.readAllLines(folder.resolve("postgres/postmaster.opts")).getFirst().split(" ", 2)[0];
    Process orphan =
        new ProcessBuilder(
                "unshare",
                "-U",
                binary,
                "-D",
                folder.resolve("postgres").toString(),
                "-p",
                "5432",
                "-c",
                "listen_addresses=",
                "-c",
                "unix_socket_directories=" + folder)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    await().until(() -> Files.readString(log).contains("ready to accept connections"));
    return orphan;
  }

  private static void execute(DataSource dataSource, String sql) throws SQLException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(DataSource dataSource, String sql) throws SQLException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "nothing";
    }
  }
}

package io.kontor.postgres;

import io.kontor.database.DatabaseLogin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server on 127.0.0.1 with durable commits. It has the database {@code kontor} and the
 * three {@link DatabaseLogin}s; every connection needs a password, including the superuser's. Its
 * folder contains {@code postgres/} (the cluster), {@code passwords/} and {@code postgres.log}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  static final String DATABASE = "kontor";

  /** Includes crash recovery, which replays the log before the server accepts connections. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final int LOG_LINES_SHOWN = 20;

  private final Path folder;
  private final DataFolderLock lock;
  private final GeneratedPasswords passwords;
  private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
  private final boolean temporary;

  private EmbeddedPostgres(Path folder, DataFolderLock lock, boolean temporary)
      throws IOException, InterruptedException, SQLException {
    this.folder = folder;
    this.lock = lock;
    this.temporary = temporary;
    passwords = new GeneratedPasswords(folder.resolve("passwords"));
    server = startServer();
  }

  /**
   * Starts the server on a folder that persists. A server that a killed process left running there
   * is stopped first.
   *
   * @throws DataFolderInUseException when another process uses the folder
   * @throws PostgresStartException when the server can't start, with the end of its log
   */
  public static EmbeddedPostgres start(Path dataDirectory) {
    return start(dataDirectory, false);
  }

  /** Starts a server whose data is deleted when it is closed or the JVM ends. */
  public static EmbeddedPostgres startTemporary() {
    try {
      EmbeddedPostgres postgres = start(Files.createTempDirectory("kontor-postgres-"), true);
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-postgres"));
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EmbeddedPostgres start(Path directory, boolean temporary) {
    Path folder = directory.toAbsolutePath().normalize();
    DataFolderLock lock = null;
    try {
      Files.createDirectories(folder);
      lock = DataFolderLock.take(folder);
      new Postmaster(folder.resolve("postgres")).stop();
      var postgres = new EmbeddedPostgres(folder, lock, temporary);
      postgres.prepare();
      return postgres;
    } catch (DataFolderInUseException e) {
      throw e;
    } catch (IOException | SQLException | RuntimeException e) {
      abandon(folder, lock);
      throw new PostgresStartException(folder, endOfLog(folder), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon(folder, lock);
      throw new PostgresStartException(folder, "interrupted", e);
    }
  }

  /** The URL of the database {@code kontor}, without a user. */
  public String jdbcUrl() {
    return jdbcUrl(DATABASE);
  }

  /** The URL of another database of this server, without a user. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.getPort(), database);
  }

  /** Creates a further database for Kontor, empty. */
  public void createDatabase(String name) throws SQLException {
    execute(DatabaseProvisioner.create(name, "template1"));
  }

  /** Creates a further database for Kontor, empty, unless it exists. */
  public synchronized void createMissingDatabase(String name) throws SQLException {
    if (!exists(name)) {
      createDatabase(name);
    }
  }

  private boolean exists(String name) throws SQLException {
    try (var connection = superuser().getConnection();
        var query = connection.prepareStatement("select from pg_database where datname = ?")) {
      query.setString(1, name);
      return query.executeQuery().next();
    }
  }

  /** Drops a further database, if it exists, and closes remaining connections. */
  public void dropDatabase(String name) throws SQLException {
    execute(List.of("drop database if exists \"%s\" with (force)".formatted(name)));
  }

  private void execute(List<String> statements) throws SQLException {
    try (var connection = superuser().getConnection();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * The server's process, the parent of its backends.
   *
   * @throws IllegalStateException when it does not run
   */
  public long processId() {
    try {
      return new Postmaster(data())
          .find()
          .orElseThrow(() -> new IllegalStateException("PostgreSQL does not run"))
          .pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpooled connections of a login to the database {@code kontor}. */
  public DataSource dataSource(DatabaseLogin login) {
    return dataSource(DATABASE, login);
  }

  /** Unpooled connections of a login to another database of this server. */
  public DataSource dataSource(String database, DatabaseLogin login) {
    return UnpooledDataSources.unpooled(jdbcUrl(database), login.role(), password(login));
  }

  /** The password of a login, the same at every start on one folder. */
  public String password(DatabaseLogin login) {
    return password(login.role());
  }

  /** Stops the server; committed data is kept unless it is temporary. May be called twice. */
  @Override
  public synchronized void close() {
    try {
      server.close();
      new Postmaster(data()).stop();
      lock.close();
      if (temporary) {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String password(String role) {
    try {
      return passwords.of(role);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DataSource superuser() {
    return UnpooledDataSources.unpooled(
        jdbcUrl("postgres"), GeneratedPasswords.SUPERUSER, password(GeneratedPasswords.SUPERUSER));
  }

  private io.zonky.test.db.postgres.embedded.EmbeddedPostgres startServer()
      throws IOException, InterruptedException {
    if (Files.notExists(ready())) {
      // An interrupted first start: it has stored no data.
      delete(data());
    }
    Path log = folder.resolve("postgres.log");
    if (Files.exists(log)) {
      Files.move(log, folder.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    Path superuser = passwords.file(GeneratedPasswords.SUPERUSER);
    return io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
        .setDataDirectory(data())
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPGStartupWait(START_LIMIT)
        .setOutputRedirector(Redirect.appendTo(log.toFile()))
        .setErrorRedirector(Redirect.appendTo(log.toFile()))
        // The library passes these to initdb, where --auth replaces its "trust".
        .setLocaleConfig("auth", "scram-sha-256")
        .setLocaleConfig("pwfile", superuser.toString())
        .setLocaleConfig("locale", "C")
        .setLocaleConfig("locale-provider", "builtin")
        .setLocaleConfig("builtin-locale", "C.UTF-8")
        .setConnectConfig("password", passwords.of(GeneratedPasswords.SUPERUSER))
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "")
        .setServerConfig("max_connections", "1000")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("shared_buffers", "256MB")
        .setServerConfig("max_wal_size", "2GB")
        .setServerConfig("wal_compression", "on")
        .start();
  }

  private void prepare() throws SQLException, IOException {
    if (Files.exists(ready())) {
      return;
    }
    try (var connection = superuser().getConnection();
        var statement = connection.createStatement()) {
      for (DatabaseLogin login : DatabaseLogin.values()) {
        passwords.file(login.role());
        statement.execute(
            """
            create role %s login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
              password '%s'
            """
                .formatted(login.role(), password(login)));
      }
      for (String sql : DatabaseProvisioner.create(DATABASE, "template1")) {
        statement.execute(sql);
      }
    }
    Files.createFile(ready());
  }

  private Path data() {
    return folder.resolve("postgres");
  }

  private Path ready() {
    return folder.resolve("postgres.ready");
  }

  private static void abandon(Path folder, @Nullable DataFolderLock lock) {
    try {
      new Postmaster(folder.resolve("postgres")).stop();
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String endOfLog(Path folder) {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("postgres.log"));
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      return "(no log)";
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.notExists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

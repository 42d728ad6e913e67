package io.kontor.eventstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.kontor.database.DatabaseLogin;
import io.kontor.postgres.EmbeddedPostgres;
import io.kontor.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A primary and a hot standby with streaming replication, set up as an operator would. */
final class Standby implements AutoCloseable {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Set<String> OF_THE_RUNNING_SERVER =
      Set.of("postmaster.pid", "postmaster.opts", "epg-lock");

  private final Path primaryFolder;
  private final EmbeddedPostgres primary;
  private final EmbeddedPostgres standby;
  private final String superuserPassword;

  /** Between the standby and the primary. */
  private final TcpProxy replication;

  /** Between the nodes and whichever server is the primary. */
  private final TcpProxy nodes;

  private Standby(
      Path primaryFolder,
      EmbeddedPostgres primary,
      Path standbyFolder,
      TcpProxy replication,
      String superuserPassword)
      throws IOException {
    this.primaryFolder = primaryFolder;
    this.primary = primary;
    this.replication = replication;
    this.superuserPassword = superuserPassword;
    this.standby = EmbeddedPostgres.start(standbyFolder);
    this.nodes = new TcpProxy(port(primary));
  }

  /** Starts both; the standby has everything so far. */
  static Standby start(Path folder) throws IOException, SQLException {
    Path primaryFolder = folder.resolve("primary");
    EmbeddedPostgres primary = EmbeddedPostgres.start(primaryFolder);
    String password = Files.readString(primaryFolder.resolve("passwords/postgres")).strip();
    var replication = new TcpProxy(port(primary));
    Path standbyFolder = folder.resolve("standby");
    copy(primaryFolder, standbyFolder, superuser(primary, password), replication.port());
    return new Standby(primaryFolder, primary, standbyFolder, replication, password);
  }

  private static void copy(Path from, Path to, PGSimpleDataSource superuser, int replicationPort)
      throws IOException, SQLException {
    try (Connection connection = superuser.getConnection();
        var sql = connection.createStatement()) {
      sql.execute("create role replicator login replication password 'replicator'");
      sql.execute("alter system set wal_keep_size = '512MB'");
      sql.execute("select pg_reload_conf()");
      sql.execute("select pg_backup_start('standby', fast => true)");
      copyTree(from, to);
      try (var label =
          sql.executeQuery("select labelfile from pg_backup_stop(wait_for_archive => false)")) {
        label.next();
        Files.writeString(to.resolve("postgres/backup_label"), label.getString(1));
      }
    }
    Files.createFile(to.resolve("postgres/standby.signal"));
    Files.writeString(
        to.resolve("postgres/postgresql.auto.conf"),
        """
        primary_conninfo = 'host=127.0.0.1 port=%d user=replicator password=replicator'
        wal_retrieve_retry_interval = '200ms'
        """
            .formatted(replicationPort),
        StandardOpenOption.APPEND);
  }

  /** Copies the folder; recovery replays changes made during the copy from the log. */
  private static void copyTree(Path from, Path to) throws IOException {
    Path log = from.resolve("postgres/pg_wal");
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(directory).toString());
            Files.createDirectories(copy);
            Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(directory));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!OF_THE_RUNNING_SERVER.contains(file.getFileName().toString())
                && !file.startsWith(log)) {
              Path copy = to.resolve(from.relativize(file).toString());
              try {
                Files.copy(file, copy);
                Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(file));
              } catch (NoSuchFileException gone) {
                // deleted during the copy: recovery replays that, too
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The schema's owner on the primary. */
  javax.sql.DataSource owner() {
    return primary.dataSource(DatabaseLogin.OWNER);
  }

  /** Connections of a node, through an address that follows the primary. */
  PGSimpleDataSource login(DatabaseLogin login) {
    var nodesSide = new PGSimpleDataSource();
    nodesSide.setUrl("jdbc:postgresql://127.0.0.1:%d/kontor".formatted(nodes.port()));
    nodesSide.setCurrentSchema("kontor");
    nodesSide.setUser(login.role());
    nodesSide.setPassword(primary.password(login));
    nodesSide.setConnectTimeout(5);
    return nodesSide;
  }

  /** Queries the standby. */
  JdbcTemplate standby() {
    return new JdbcTemplate(standby.dataSource(DatabaseLogin.WORKER));
  }

  /** From now on, a commit waits for the standby. */
  void commitSynchronously() {
    var sql = new JdbcTemplate(superuser(primary, superuserPassword));
    sql.execute("alter system set synchronous_standby_names = '*'");
    sql.execute("select pg_reload_conf()");
    await()
        .atMost(SOON)
        .until(
            () -> sql.queryForList("select sync_state from pg_stat_replication", String.class),
            states -> states.contains("sync"));
  }

  /** Cuts the replication. */
  void loseReplication() throws IOException {
    try (var unused = new ServerSocket(0)) {
      replication.target(unused.getLocalPort());
    }
    replication.cut();
  }

  /** Kills the primary; the standby takes over its role and its address. */
  void failOver() throws IOException {
    Path pid = primaryFolder.resolve("postgres/postmaster.pid");
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pid, UTF_8).getFirst().strip()))
            .orElseThrow();
    var backends = server.children().toList();
    server.destroyForcibly();
    backends.forEach(ProcessHandle::destroyForcibly);
    server.onExit().join();
    new JdbcTemplate(superuser(standby, superuserPassword)).execute("select pg_promote()");
    nodes.target(port(standby));
    nodes.cut();
  }

  private static PGSimpleDataSource superuser(EmbeddedPostgres server, String password) {
    var superuser = new PGSimpleDataSource();
    superuser.setUrl("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port(server)));
    superuser.setUser("postgres");
    superuser.setPassword(password);
    return superuser;
  }

  private static int port(EmbeddedPostgres server) {
    String url = server.jdbcUrl();
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1, url.lastIndexOf('/')));
  }

  @Override
  public void close() {
    try {
      nodes.close();
      replication.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    standby.close();
    primary.close();
  }
}
